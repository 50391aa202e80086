// The page without a net opens what was asked for as soon as the site answers again. It asks ever more rarely, and
// not while nobody looks.
(function () {
  "use strict";
  var FIRST = 2000, LONGEST = 60000;
  var wait = FIRST, timer = null;

  function open() {
    document.querySelector("[data-back]").hidden = false;
    window.location.reload();
  }
  function ask() {
    window.clearTimeout(timer);
    if (document.hidden) { return; }
    fetch("/offline/ru/", { method: "HEAD", cache: "no-store", credentials: "omit" }).then(function (answer) {
      if (!answer.ok) { throw new Error(answer.status); }
      open();
    }).catch(function () {
      timer = window.setTimeout(ask, wait);
      wait = Math.min(wait * 2, LONGEST);
    });
  }
  function askNow() { wait = FIRST; ask(); }

  window.addEventListener("online", askNow);
  document.addEventListener("visibilitychange", askNow);
  timer = window.setTimeout(ask, wait);
})();
