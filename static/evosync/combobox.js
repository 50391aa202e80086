// input[data-categories]: a field that completes what is typed from the site's own search, as the combobox of ARIA 1.2.
// Without this script its datalist completes from what is on the page.
(function () {
  "use strict";
  var REST = 200;

  function furnish(input) {
    var frame = document.createElement("div"), box = document.createElement("div");
    var list = document.createElement("ul"), says = document.createElement("p");
    frame.className = "es-combo";
    box.className = "es-options";
    list.id = input.id + "_options";
    list.setAttribute("role", "listbox");
    list.setAttribute("aria-label", input.labels[0].textContent.trim());
    list.hidden = true;
    says.setAttribute("role", "status");
    input.before(frame);
    box.append(says, list);
    frame.append(input, box);
    input.removeAttribute("list");
    [["role", "combobox"], ["aria-autocomplete", "list"], ["aria-expanded", "false"], ["aria-controls", list.id],
      ["hx-get", input.dataset.categories], ["hx-trigger", "input delay:" + REST + "ms, ask"], ["hx-sync", "this:replace"],
      ["hx-target", "#" + CSS.escape(list.id)]].forEach(function (pair) {
      input.setAttribute(pair[0], pair[1]);
    });
    window.htmx.process(input);
    return box;
  }

  function make(input) {
    var box = furnish(input), list = box.querySelector("ul"), says = box.querySelector("p");
    // What stands in the field by a choice is no search: who opens the list then wants another.
    var active = null, chosen = input.classList.contains("is-invalid") ? null : input.value, isAwaited = false;

    function options() { return Array.from(list.querySelectorAll("[role=option]")); }
    function isOpen() { return !list.hidden; }
    function activate(option) {
      if (active) { active.setAttribute("aria-selected", "false"); }
      active = option;
      if (!option) { input.removeAttribute("aria-activedescendant"); return; }
      option.setAttribute("aria-selected", "true");
      input.setAttribute("aria-activedescendant", option.id);
      option.scrollIntoView({ block: "nearest", behavior: "instant" });
    }
    function show(isShown, words) {
      list.hidden = !isShown;
      input.setAttribute("aria-expanded", String(isShown));
      // The status line stays where a screen reader has found it, so the box is never hidden.
      says.textContent = words;
      box.classList.toggle("es-open", words !== "");
      activate(null);
    }
    function close() {
      isAwaited = false;
      show(false, "");
      window.htmx.trigger(input, "htmx:abort");
    }
    function open() {
      isAwaited = true;
      window.htmx.trigger(input, "ask");
    }
    function choose(option) {
      input.value = chosen = option.dataset.value;
      close();
      input.dispatchEvent(new Event("change", { bubbles: true }));
    }

    input.addEventListener("htmx:configRequest", function (event) {
      event.detail.parameters = { q: input.value === chosen ? "" : input.value };
    });
    list.addEventListener("htmx:afterSwap", function () {
      var words = list.querySelector("template"), found = options();
      found.forEach(function (option, number) { option.id = list.id + "_" + number; });
      if (!isAwaited || document.activeElement !== input) { return; }
      // What is typed in full leaves nothing to choose.
      if (found.length === 1 && found[0].dataset.value === input.value) { close(); return; }
      show(found.length > 0, words.content.textContent.trim());
      list.scrollTop = 0;
      box.scrollIntoView({ block: "nearest", behavior: "instant" });
    });
    input.addEventListener("input", function () { isAwaited = true; });
    input.addEventListener("click", function () { if (!isOpen()) { open(); } });
    input.addEventListener("blur", close);
    list.addEventListener("mousedown", function (event) { event.preventDefault(); });
    list.addEventListener("click", function (event) {
      var option = event.target.closest("[role=option]");
      if (option) { choose(option); }
    });

    function step(way) {
      var all = options(), place = active ? all.indexOf(active) + way : way > 0 ? 0 : all.length - 1;
      activate(all[place] || null);
    }
    var keys = {
      ArrowDown: function (event) {
        if (isOpen() && !event.altKey) { step(1); } else { open(); }
        return true;
      },
      ArrowUp: function (event) {
        if (isOpen() && event.altKey) { close(); } else if (isOpen()) { step(-1); } else { open(); }
        return true;
      },
      Home: function () { if (active) { activate(options()[0]); return true; } },
      End: function () { if (active) { activate(options().pop()); return true; } },
      Enter: function () { if (active) { choose(active); return true; } },
      Tab: function () { if (active) { choose(active); } },
      Escape: function () { if (isOpen() || says.textContent) { close(); return true; } },
    };
    input.addEventListener("keydown", function (event) {
      if (event.isComposing || !keys[event.key] || !keys[event.key](event)) { return; }
      event.preventDefault();
      event.stopPropagation();
    });
  }

  // Every part that comes is announced, the page as such too.
  document.addEventListener("htmx:load", function (event) {
    event.target.querySelectorAll("input[data-categories]:not([role])").forEach(make);
  });
})();
