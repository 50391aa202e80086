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
    document.documentElement.setAttribute("data-bs-theme", shown);
  }
  window.evosyncTheme = {
    shown: function () { return document.documentElement.getAttribute("data-bs-theme"); },
    choose: function (theme) {
      try { localStorage.setItem("evosync-theme", theme); } catch (e) { /* private mode: this page only */ }
      document.documentElement.setAttribute("data-bs-theme", theme);
    },
  };
  dark.addEventListener("change", apply);
  apply();
})();
