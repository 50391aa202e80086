// A product's photos: sent one by one, dragged into an order, turned and cropped with a preview.
(function () {
  "use strict";

  // form[data-one-by-one]: each file is a request of its own, so that many large photos are no large request.
  document.addEventListener("submit", function (event) {
    var form = event.target;
    if (!form.matches("form[data-one-by-one]")) { return; }
    var input = form.querySelector("input[type=file]");
    var files = Array.from(input.files);
    if (files.length < 2) { return; }
    event.preventDefault();
    var note = form.querySelector("[data-progress]");
    note.hidden = false;
    files.reduce(function (before, file, number) {
      return before.then(function () {
        var body = new FormData(form);
        body.delete(input.name);
        body.append(input.name, file);
        note.textContent = note.dataset.progress.replace("{n}", number + 1).replace("{all}", files.length);
        return fetch(form.action, { method: "POST", body: body, redirect: "manual" });
      });
    }, Promise.resolve()).finally(function () { window.location.reload(); });
  });

  // ul[data-sortable="FORM"]: what is dropped goes before the one under it, behind it on its right half.
  var dragged = null;
  document.addEventListener("dragstart", function (event) {
    dragged = event.target.closest("[data-sortable] > li");
    if (dragged) { event.dataTransfer.effectAllowed = "move"; }
  });
  document.addEventListener("dragover", function (event) {
    if (dragged && event.target.closest("[data-sortable]") === dragged.parentNode) { event.preventDefault(); }
  });
  document.addEventListener("drop", function (event) {
    var over = event.target.closest("[data-sortable] > li");
    if (!dragged || !over || over === dragged || over.parentNode !== dragged.parentNode) { return; }
    event.preventDefault();
    var place = over.getBoundingClientRect();
    over.parentNode.insertBefore(dragged, event.clientX < place.left + place.width / 2 ? over : over.nextSibling);
    var form = document.getElementById(over.parentNode.dataset.sortable);
    form.elements.order.value = Array.from(over.parentNode.children, function (one) { return one.dataset.id; }).join(",");
    form.requestSubmit();
  });
  document.addEventListener("dragend", function () { dragged = null; });

  // form[data-photo-edit]: shows what the numbers make of the photo. The server does it again from the file.
  function draw(form, source, canvas) {
    var turns = Number((form.querySelector("[name=turns]:checked") || { value: 0 }).value);
    var width = turns % 2 ? source.naturalHeight : source.naturalWidth;
    var height = turns % 2 ? source.naturalWidth : source.naturalHeight;
    var crop = form.elements.crop.checked;
    ["size", "across", "down"].forEach(function (name) { form.elements[name].disabled = !crop; });
    var side = Math.min(width, height) * form.elements.size.value / 1000;
    var box = crop ? [(width - side) * form.elements.across.value / 1000, (height - side) * form.elements.down.value / 1000, side, side] : [0, 0, width, height];
    var scale = canvas.width / Math.max(box[2], box[3]);
    var pen = canvas.getContext("2d");
    pen.setTransform(1, 0, 0, 1, 0, 0);
    pen.clearRect(0, 0, canvas.width, canvas.height);
    pen.translate((canvas.width - box[2] * scale) / 2, (canvas.height - box[3] * scale) / 2);
    pen.beginPath();
    pen.rect(0, 0, box[2] * scale, box[3] * scale);
    pen.clip();
    pen.scale(scale, scale);
    pen.translate(width / 2 - box[0], height / 2 - box[1]);
    pen.rotate(turns * Math.PI / 2);
    pen.drawImage(source, -source.naturalWidth / 2, -source.naturalHeight / 2);
    pen.setTransform(1, 0, 0, 1, 0, 0);
  }
  document.querySelectorAll("form[data-photo-edit]").forEach(function (form) {
    var source = form.querySelector("[data-photo-source]");
    var result = form.querySelector("[data-photo-result]");
    function show() {
      if (!source.naturalWidth) { return; }
      draw(form, source, result.querySelector("canvas"));
    }
    form.addEventListener("input", show);
    // What is not asked for is sent all the same, since the form wants its numbers.
    form.addEventListener("submit", function () {
      ["size", "across", "down"].forEach(function (name) { form.elements[name].disabled = false; });
    });
    source.addEventListener("load", show);
    show();
  });
})();
