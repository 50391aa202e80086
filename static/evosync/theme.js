// Sets the colour theme before the page is drawn, so that a dark page never flashes white.
// Loaded without `defer` on purpose. "auto" follows the system.
(function () {
  "use strict";
  var dark = window.matchMedia("(prefers-color-scheme: dark)");
  function chosen() {
    try { return localStorage.getItem("evosync-theme") || "auto"; } catch (e) { return "auto"; }
  }
  function apply() {
    var theme = chosen();
    var shown = theme === "auto" ? (dark.matches ? "dark" : "light") : theme;
    show(shown);
  }
  // A telephone draws the bars above and below an app in the page's colour.
  function show(theme) {
    document.documentElement.setAttribute("data-bs-theme", theme);
    var bar = document.querySelector("meta[name=theme-color]");
    if (!bar) { return; }
    bar.dataset.light = bar.dataset.light || bar.content;
    bar.content = theme === "dark" ? bar.dataset.dark : bar.dataset.light;
  }
  window.evosyncTheme = {
    shown: function () { return document.documentElement.getAttribute("data-bs-theme"); },
    choose: function (theme) {
      try { localStorage.setItem("evosync-theme", theme); } catch (e) { /* private mode: this page only */ }
      show(theme);
    },
  };
  // What only scripts can fill is shown only where they run.
  document.documentElement.classList.add("es-script");
  // Known before the page is drawn, so that nothing jumps.
  if ("serviceWorker" in navigator && "PushManager" in window && "Notification" in window) {
    document.documentElement.classList.add("es-can-push");
    document.documentElement.classList.toggle("es-push-refused", Notification.permission === "denied");
  }
  // [data-go-back]: what was typed on the page before is still there. A page opened by itself has none before it.
  document.addEventListener("click", function (event) {
    if (!event.target.closest("[data-go-back]")) { return; }
    if (window.history.length > 1) { window.history.back(); } else { window.location.assign("/"); }
  });
  dark.addEventListener("change", apply);
  apply();
})();
