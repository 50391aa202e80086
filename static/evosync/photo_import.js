// Many photos: sent in small requests, large files in pieces, so that a mobile net loses little.
(function () {
  "use strict";

  var PIECE = 8 * 1024 * 1024, TOGETHER = 20, TRIES = 3;
  var form = document.querySelector("form[data-in-pieces]");
  if (!form || !window.fetch || !window.crypto) { return; }
  var input = form.querySelector("input[type=file]");
  var note = form.querySelector("[data-progress]");

  function name() {
    return Array.from(crypto.getRandomValues(new Uint8Array(16)), function (one) {
      return one.toString(16).padStart(2, "0");
    }).join("");
  }

  // Requests: several small files, or one piece of a large one.
  function requests(files) {
    var found = [], together = null;
    files.forEach(function (file) {
      if (file.size > PIECE) {
        var upload = name(), parts = Math.ceil(file.size / PIECE);
        for (var part = 0; part < parts; part += 1) {
          found.push({ files: [file.slice(part * PIECE, (part + 1) * PIECE)], name: file.name, upload: upload, part: part, parts: parts });
        }
      } else if (together && together.files.length < TOGETHER && together.size + file.size <= PIECE) {
        together.files.push(file);
        together.size += file.size;
      } else {
        together = { files: [file], size: file.size };
        found.push(together);
      }
    });
    return found;
  }

  function send(request, tries) {
    var body = new FormData(form);
    body.delete(input.name);
    request.files.forEach(function (file) { body.append(input.name, file, request.name || file.name); });
    ["upload", "part", "parts"].forEach(function (field) {
      if (request.upload) { body.set(field, request[field]); }
    });
    return fetch(form.action, { method: "POST", body: body, redirect: "manual" }).catch(function (error) {
      if (tries <= 1) { throw error; }
      return new Promise(function (go) { setTimeout(go, 1000); }).then(function () { return send(request, tries - 1); });
    });
  }

  form.addEventListener("submit", function (event) {
    var files = Array.from(input.files);
    var all = files.reduce(function (sum, file) { return sum + file.size; }, 0);
    if (!files.length || (files.length === 1 && all <= PIECE)) { return; }
    event.preventDefault();
    var sent = 0, refused = {};
    function say() {
      note.textContent = note.dataset.progress.replace("{n}", Math.round(sent / 1048576)).replace("{all}", Math.max(1, Math.round(all / 1048576)));
    }
    note.hidden = false;
    say();
    requests(files).reduce(function (before, request) {
      return before.then(function () {
        if (refused[request.upload]) { return null; }
        return send(request, TRIES).then(function (answer) {
          if (answer.status === 422 && request.upload) { refused[request.upload] = true; }
          if (answer.status >= 500 || answer.status === 429) { throw new Error("no answer"); }
          request.files.forEach(function (file) { sent += file.size; });
          say();
        });
      });
    }, Promise.resolve()).then(function () { window.location.assign(form.action); }, function () {
      note.textContent = note.dataset.failed;
      form.querySelectorAll("button[type=submit]").forEach(function (button) {
        button.disabled = false;
        button.removeAttribute("aria-busy");
      });
    });
  });
})();
