// Small helps on every page. Every page works without them.
(function () {
  "use strict";

  // The worker that shows a page of its own without a net: evosync/service_worker.js. Without it nothing is missing.
  window.addEventListener("load", function () {
    var address = document.body.dataset.worker;
    if (!address || !("serviceWorker" in navigator)) { return; }
    navigator.serviceWorker.register(address, { updateViaCache: "none" }).catch(function () { /* the next page tries again */ });
  });

  // [data-install]: the browser's own question whether to install the app, where it has one.
  var offer = null;
  function showInstall() {
    document.querySelectorAll("[data-install]").forEach(function (button) { button.hidden = !offer; });
  }
  window.addEventListener("beforeinstallprompt", function (event) {
    if (!document.querySelector("[data-install]")) { return; }
    event.preventDefault();
    offer = event;
    showInstall();
  });
  window.addEventListener("appinstalled", function () { offer = null; showInstall(); });
  document.addEventListener("click", function (event) {
    if (!event.target.closest("[data-install]") || !offer) { return; }
    offer.prompt();
    offer = null;
    showInstall();
  });

  // [data-theme-toggle]: light <-> dark.
  document.addEventListener("click", function (event) {
    var toggle = event.target.closest("[data-theme-toggle]");
    if (!toggle) { return; }
    window.evosyncTheme.choose(window.evosyncTheme.shown() === "dark" ? "light" : "dark");
  });

  // [data-show-password="ID"]: shows and hides what was typed.
  document.addEventListener("click", function (event) {
    var button = event.target.closest("[data-show-password]");
    if (!button) { return; }
    var input = document.getElementById(button.dataset.showPassword);
    var show = input.type === "password";
    input.type = show ? "text" : "password";
    button.setAttribute("aria-pressed", String(show));
  });

  // [data-copy="ID"]: copies the text of an element and says so.
  document.addEventListener("click", function (event) {
    var button = event.target.closest("[data-copy]");
    if (!button || !navigator.clipboard) { return; }
    var text = document.getElementById(button.dataset.copy).textContent.trim();
    navigator.clipboard.writeText(text).then(function () {
      button.textContent = button.dataset.copied;
    });
  });

  // [data-fill="ID"]: writes data-value into that field.
  document.addEventListener("click", function (event) {
    var button = event.target.closest("[data-fill]");
    if (!button) { return; }
    var field = document.getElementById(button.dataset.fill);
    field.value = button.dataset.value;
    field.focus();
  });

  // A file that was chosen waits on the page while there is no internet, and is sent when it is back: the
  // browser's own page of errors would lose a photo that was just taken.
  var held = null;
  document.addEventListener("submit", function (event) {
    var form = event.target, file = form.querySelector("input[type=file]");
    if (navigator.onLine || !file || !file.files.length) { return; }
    event.preventDefault();
    event.stopImmediatePropagation();
    held = form;
    tell("no-net");
  }, true);
  window.addEventListener("online", function () {
    if (held && held.isConnected) { held.requestSubmit(); }
    held = null;
  });

  // Nothing else waits: what was pressed in front of yesterday's page is not carried out tomorrow. Without a net
  // the browser's page of errors would stand there instead, and loading that one again may send it twice. A site
  // on the same machine answers without one.
  var reached = null;
  document.addEventListener("submit", function (event) {
    var form = event.target, button = event.submitter;
    if (navigator.onLine || form.method !== "post" || form === reached || form.matches("[hx-post]")) { reached = null; return; }
    event.preventDefault();
    event.stopImmediatePropagation();
    fetch(document.body.dataset.worker, { method: "HEAD", cache: "no-store" }).then(function () {
      reached = form;
      form.requestSubmit(button);
    }, function () {
      forget();
      tell("not-sent");
    });
  }, true);

  // form[data-once]: a second press does not send it again. A returning page wakes the button up.
  document.addEventListener("submit", function (event) {
    var form = event.target;
    if (!form.matches("form[data-once]")) { return; }
    form.querySelectorAll("button[type=submit]").forEach(function (button) {
      button.setAttribute("aria-busy", "true");
      setTimeout(function () { button.disabled = true; }, 0);
    });
  });
  window.addEventListener("pageshow", function () {
    document.querySelectorAll("form[data-once] button[aria-busy]").forEach(function (button) {
      button.disabled = false;
      button.removeAttribute("aria-busy");
    });
  });

  // A part of the page that did not come, for want of net or by a refusal, is told of until one comes.
  function forget() {
    document.querySelectorAll(".es-no-answer").forEach(function (note) { note.remove(); });
  }
  function tell(which) {
    var words = document.getElementById(typeof which === "string" ? which : navigator.onLine ? "no-answer" : "no-net");
    if (!words || document.querySelector(".es-no-answer")) { return; }
    var note = document.createElement("div");
    note.className = "es-no-answer";
    note.append(words.content.cloneNode(true));
    document.body.append(note);
  }
  ["htmx:sendError", "htmx:responseError", "htmx:timeout"].forEach(function (name) {
    document.addEventListener(name, tell);
  });
  // [data-poll]: asks again by the event "poll" while a worker is at it: after 1, 2, 4 … 30 seconds, every four
  // while the answers tell of progress, at once when somebody looks again or the net is back, and never while the
  // page is hidden. What a press starts begins anew.
  var FIRST = 1000, MOVING = 4000, LONGEST = 30000, wait = FIRST, timer = null, heard = "";
  function plan() {
    window.clearTimeout(timer);
    timer = null;
    if (document.hidden || !document.querySelector("[data-poll]")) { return; }
    timer = window.setTimeout(ask, wait);
    wait = Math.min(wait * 2, LONGEST);
  }
  function ask() {
    document.querySelectorAll("[data-poll]").forEach(function (part) { window.htmx.trigger(part, "poll"); });
    plan();
  }
  function askSoon() { wait = FIRST; plan(); }
  function lookAgain() {
    wait = FIRST;
    // What was asked before a sleep may never be answered, and the next question would wait for it.
    document.querySelectorAll("[data-poll].htmx-request").forEach(function (part) { window.htmx.trigger(part, "htmx:abort"); });
    if (!document.hidden) { ask(); } else { plan(); }
  }
  document.addEventListener("htmx:beforeSwap", function (event) {
    var cause = event.detail.requestConfig && event.detail.requestConfig.triggeringEvent;
    if (!cause || cause.type !== "poll" || event.detail.xhr.status !== 200) { return; }
    if (heard && heard !== event.detail.xhr.responseText && wait > MOVING) { wait = MOVING; plan(); }
    heard = event.detail.xhr.responseText;
  });
  document.addEventListener("htmx:afterSettle", function (event) {
    var cause = event.detail.requestConfig && event.detail.requestConfig.triggeringEvent;
    if (!cause || cause.type !== "poll") { askSoon(); } else if (timer === null) { plan(); }
  });
  document.addEventListener("visibilitychange", lookAgain);
  window.addEventListener("load", askSoon);

  // Without a net it is said at once; when the net is back, the page goes on by itself.
  window.addEventListener("offline", function () { tell("no-net"); });
  window.addEventListener("online", function () { forget(); lookAgain(); });

  // Where the login has ended meanwhile, the login page comes: it is a page, not a part of this one.
  document.addEventListener("htmx:beforeSwap", function (event) {
    var address = event.detail.xhr.responseURL;
    if (event.detail.xhr.status === 200) { forget(); }
    if (address && new URL(address).pathname === document.body.dataset.login) {
      event.detail.shouldSwap = false;
      window.location.reload();
    }
  });

  // A result that a worker has computed anew replaces the one before: what was open in it stays open.
  var open = [];
  document.addEventListener("htmx:beforeSwap", function (event) {
    open = Array.from(event.detail.target.querySelectorAll("details[id][open]"), function (part) { return part.id; });
  });
  document.addEventListener("htmx:afterSwap", function () {
    open.forEach(function (id) {
      var part = document.getElementById(id);
      if (part) { part.open = true; }
    });
    open = [];
  });

  // Who works by keyboard stays where they were when that part of the page is replaced: on the same control, or,
  // where it is gone, at the part that has come in its place.
  var left = null;
  function twinOf(control) {
    var form = control.form, group = control.closest("details[id]");
    if (control.id) { return "#" + CSS.escape(control.id); }
    if (control.tagName === "SUMMARY" && group) { return "#" + CSS.escape(group.id) + " > summary"; }
    if (control.tagName === "A") { return 'a[href="' + CSS.escape(control.getAttribute("href") || "") + '"]'; }
    if (!form) { return null; }
    return 'form[action="' + CSS.escape(form.getAttribute("action") || "") + '"] ' + control.tagName.toLowerCase() +
      (control.name ? '[name="' + CSS.escape(control.name) + '"]' : "") +
      (control.tagName === "BUTTON" && control.value ? '[value="' + CSS.escape(control.value) + '"]' : "");
  }
  document.addEventListener("htmx:beforeSwap", function (event) {
    var control = document.activeElement, target = event.detail.target;
    if (!control || control === document.body || !target.contains(control)) { return; }
    left = { twin: twinOf(control), place: target.id ? "#" + CSS.escape(target.id) : "." + target.classList[0] };
  });
  document.addEventListener("htmx:afterSettle", function () {
    if (!left) { return; }
    var was = left, found;
    left = null;
    if (document.activeElement && document.activeElement !== document.body) { return; }
    found = was.twin && document.querySelector(was.twin);
    if (!found || found.disabled) {
      found = document.querySelector(was.place) || document.getElementById("main");
      if (!found.hasAttribute("tabindex")) { found.tabIndex = -1; }
    }
    found.focus({ preventScroll: true });
  });

  // A form that came back with an error opens where the error stands. Some telephones ignore autofocus, and
  // where it works, it would show the field alone: so this comes after it.
  window.addEventListener("load", function () {
    var wrong = document.querySelector("main form .es-note-bad, main .is-invalid");
    if (!wrong) { return; }
    window.requestAnimationFrame(function () {
      (wrong.closest(".es-field") || wrong).scrollIntoView({ block: "start" });
    });
  });

  // select[data-submit], input[data-submit]: a choice sends its form at once.
  document.addEventListener("change", function (event) {
    if (event.target.matches("[data-submit]")) { event.target.form.requestSubmit(); }
  });

  // [data-bulk]: ticks in a list of goods. Shift ticks all between two, Escape clears, and the number is said.
  var lastTick = null;
  function ticks() { return Array.from(document.querySelectorAll("input[name=pick][form=bulk]")); }
  function sayTicks() {
    var words = document.querySelector("[data-bulk-count]");
    if (!words) { return; }
    var number = ticks().filter(function (tick) { return tick.checked; }).length;
    words.hidden = number === 0;
    words.textContent = words.dataset.words + " " + number;
  }
  document.addEventListener("click", function (event) {
    var tick = event.target;
    if (!tick.matches("input[name=pick][form=bulk]")) { return; }
    var all = ticks(), from = all.indexOf(lastTick), to = all.indexOf(tick);
    if (event.shiftKey && from >= 0) {
      all.slice(Math.min(from, to), Math.max(from, to) + 1).forEach(function (one) { one.checked = tick.checked; });
    }
    lastTick = tick;
    sayTicks();
  });
  document.addEventListener("keydown", function (event) {
    if (event.key !== "Escape" || event.target.matches("select, input[type=search], input[type=text]")) { return; }
    ticks().forEach(function (tick) { tick.checked = false; });
    var all = document.getElementById("id_all");
    if (all) { all.checked = false; }
    sayTicks();
  });
  window.addEventListener("pageshow", sayTicks);
  document.addEventListener("htmx:afterSwap", sayTicks);
})();
