// Messages in this browser: asked for at a press of the button only, and what is in the way is said in words.
(function () {
  "use strict";

  var form = document.querySelector("[data-push]");
  if (!form) { return; }
  var words = Array.from(document.querySelectorAll("[data-push-says]"));
  var button = form.querySelector("button");
  var worker = document.body.dataset.worker;

  function say(name) {
    document.documentElement.classList.toggle("es-push-refused", name === "refused");
    words.forEach(function (part) { part.hidden = part.dataset.pushSays !== name; });
  }
  function bytes(text) {
    var plain = window.atob(text.replace(/-/g, "+").replace(/_/g, "/"));
    return Uint8Array.from(plain, function (sign) { return sign.charCodeAt(0); });
  }

  if (!worker || !document.documentElement.classList.contains("es-can-push")) { return; }
  say(Notification.permission === "denied" ? "refused" : "");

  // Where messages come in this browser already, its row says so and the button is not needed.
  function know(subscription) {
    return window.crypto.subtle.digest("SHA-256", new TextEncoder().encode(subscription.endpoint)).then(function (hash) {
      var mark = Array.from(new Uint8Array(hash), function (one) { return one.toString(16).padStart(2, "0"); }).join("");
      var own = document.querySelector("[data-push-mark='" + mark + "']");
      if (own) { own.hidden = false; form.hidden = true; }
    });
  }
  if (Notification.permission === "granted") {
    navigator.serviceWorker.ready.then(function (registration) {
      return registration.pushManager.getSubscription();
    }).then(function (found) { return found && know(found); }).catch(function () { /* the button stays */ });
  }

  // A browser that was subscribed for another account or another key begins anew.
  function subscribe(registration) {
    return registration.pushManager.getSubscription().then(function (old) {
      form.elements.before.value = old ? old.endpoint : "";
      return old ? old.unsubscribe() : null;
    }).then(function () {
      return registration.pushManager.subscribe({
        userVisibleOnly: true, applicationServerKey: bytes(form.dataset.push)
      });
    });
  }
  function send(subscription) {
    var told = subscription.toJSON();
    form.elements.endpoint.value = told.endpoint;
    form.elements.p256dh.value = told.keys.p256dh;
    form.elements.auth.value = told.keys.auth;
    form.submit();
  }
  function give(up) {
    button.disabled = false;
    say(up === "denied" ? "refused" : up === "default" ? "later" : "failed");
  }

  form.addEventListener("submit", function (event) {
    event.preventDefault();
    button.disabled = true;
    say("");
    Notification.requestPermission().then(function (answer) {
      if (answer !== "granted") { return give(answer); }
      return navigator.serviceWorker.register(worker, { updateViaCache: "none" }).then(function () {
        return navigator.serviceWorker.ready;
      }).then(subscribe).then(send);
    }).catch(function () { give("failed"); });
  });
  window.addEventListener("pageshow", function () { button.disabled = false; });
})();
