// Many photos: chosen as files or a folder, or dragged here; sent in small requests, large files in pieces,
// so that a mobile net loses little.
(function () {
  "use strict";

  var PIECE = 8 * 1024 * 1024, TOGETHER = 20, TRIES = 3;
  // What systems put into folders beside the photos.
  var NOT_MEANT = /^\.|^(thumbs\.db|desktop\.ini)$/i;
  var form = document.querySelector("form[data-in-pieces]");
  if (!form || !window.fetch || !window.crypto) { return; }
  var input = form.querySelector("input[name=photo]");
  var note = form.querySelector("[data-progress]");
  var drop = form.querySelector("[data-drop]");
  var folder = form.querySelector("[data-folder]");
  var isSending = false;

  function name() {
    return Array.from(crypto.getRandomValues(new Uint8Array(16)), function (one) {
      return one.toString(16).padStart(2, "0");
    }).join("");
  }
  // A browser sends no folders in a file's name, so they go beside it.
  function item(file, path) { return { file: file, path: path || file.webkitRelativePath || file.name }; }

  // Requests: several small files, or one piece of a large one.
  function requests(items) {
    var found = [], together = null;
    items.forEach(function (one) {
      var size = one.file.size;
      if (size > PIECE) {
        var upload = name(), parts = Math.ceil(size / PIECE);
        for (var part = 0; part < parts; part += 1) {
          var piece = { file: one.file.slice(part * PIECE, (part + 1) * PIECE), path: one.path };
          found.push({ items: [piece], upload: upload, part: part, parts: parts });
        }
      } else if (together && together.items.length < TOGETHER && together.size + size <= PIECE) {
        together.items.push(one);
        together.size += size;
      } else {
        together = { items: [one], size: size };
        found.push(together);
      }
    });
    return found;
  }

  function send(request, tries) {
    var body = new FormData(form);
    body.delete(input.name);
    request.items.forEach(function (one) {
      body.append(input.name, one.file, one.path.split("/").pop());
      body.append("path", one.path);
    });
    ["upload", "part", "parts"].forEach(function (field) {
      if (request.upload) { body.set(field, request[field]); }
    });
    return fetch(form.action, { method: "POST", body: body, redirect: "manual" }).catch(function (error) {
      if (tries <= 1) { throw error; }
      return new Promise(function (go) { setTimeout(go, 1000); }).then(function () { return send(request, tries - 1); });
    });
  }

  function buttons() { return Array.from(form.querySelectorAll("button[type=submit]")); }

  function start(items) {
    if (isSending || !items.length) { return; }
    isSending = true;
    var all = items.reduce(function (sum, one) { return sum + one.file.size; }, 0);
    var sent = 0, refused = {};
    function say() {
      note.textContent = note.dataset.progress.replace("{n}", Math.round(sent / 1048576)).replace("{all}", Math.max(1, Math.round(all / 1048576)));
    }
    note.hidden = false;
    buttons().forEach(function (button) { button.disabled = true; });
    say();
    requests(items).reduce(function (before, request) {
      return before.then(function () {
        if (refused[request.upload]) { return null; }
        return send(request, TRIES).then(function (answer) {
          if (answer.status === 422 && request.upload) { refused[request.upload] = true; }
          if (answer.status >= 500 || answer.status === 429) { throw new Error("no answer"); }
          request.items.forEach(function (one) { sent += one.file.size; });
          say();
        });
      });
    }, Promise.resolve()).then(function () { window.location.assign(form.action); }, function () {
      isSending = false;
      note.textContent = note.dataset.failed;
      buttons().forEach(function (button) {
        button.disabled = false;
        button.removeAttribute("aria-busy");
      });
    });
  }

  form.addEventListener("submit", function (event) {
    var files = Array.from(input.files);
    var all = files.reduce(function (sum, file) { return sum + file.size; }, 0);
    if (!files.length || (files.length === 1 && all <= PIECE)) { return; }
    event.preventDefault();
    start(files.map(function (file) { return item(file); }));
  });

  function meant(items) { return items.filter(function (one) { return !NOT_MEANT.test(one.file.name); }); }

  folder.addEventListener("change", function () {
    start(meant(Array.from(folder.files).map(function (file) { return item(file); })));
    folder.value = "";
  });

  // All files below what was dragged here. A folder tells its entries a hundred at a time.
  function below(entry) {
    if (entry.isFile) {
      return new Promise(function (tell, fail) {
        entry.file(function (file) { tell([item(file, entry.fullPath.replace(/^\//, ""))]); }, fail);
      });
    }
    var reader = entry.createReader();
    function read(before) {
      return new Promise(function (tell, fail) { reader.readEntries(tell, fail); }).then(function (some) {
        return some.length ? read(before.concat(some)) : before;
      });
    }
    return read([]).then(function (entries) { return Promise.all(entries.map(below)); }).then(function (found) {
      return Array.prototype.concat.apply([], found);
    });
  }

  function isOver(event, over) {
    if (!event.dataTransfer || Array.from(event.dataTransfer.types).indexOf("Files") < 0) { return; }
    event.preventDefault();
    drop.classList.toggle("es-drop-over", over);
  }
  ["dragenter", "dragover"].forEach(function (kind) {
    form.addEventListener(kind, function (event) { isOver(event, true); });
  });
  form.addEventListener("dragleave", function (event) {
    if (!form.contains(event.relatedTarget)) { isOver(event, false); }
  });
  form.addEventListener("drop", function (event) {
    isOver(event, false);
    // They are told only while the event lasts.
    var entries = Array.from(event.dataTransfer.items || []).map(function (one) {
      return one.kind === "file" && one.webkitGetAsEntry ? one.webkitGetAsEntry() : null;
    }).filter(Boolean);
    var files = Array.from(event.dataTransfer.files);
    if (!entries.length) { return start(meant(files.map(function (file) { return item(file); }))); }
    Promise.all(entries.map(below)).then(function (found) {
      start(meant(Array.prototype.concat.apply([], found)));
    }, function () {
      note.hidden = false;
      note.textContent = note.dataset.failed;
    });
  });
})();
