// Photos from the shelf: barcodes read with the camera where the browser can. The page works without it.
(function () {
  "use strict";

  var FORMATS = ["ean_13", "ean_8", "upc_a", "upc_e", "code_128", "code_39", "itf"];
  var form = document.querySelector("[data-scan-form]");
  if (!form || !("BarcodeDetector" in window) || !navigator.mediaDevices) { return; }
  var button = form.querySelector("[data-scan]");
  var view = form.querySelector("[data-scan-view]");
  var refused = form.querySelector("[data-scan-refused]");
  var stream = null;
  button.hidden = false;

  function stop() {
    if (stream) { stream.getTracks().forEach(function (track) { track.stop(); }); }
    stream = null;
    view.hidden = true;
  }

  function look(detector) {
    if (!stream) { return; }
    detector.detect(view).then(function (codes) {
      if (!codes.length) { return window.setTimeout(look, 200, detector); }
      stop();
      form.elements.q.value = codes[0].rawValue;
      form.requestSubmit();
    }, function () { window.setTimeout(look, 500, detector); });
  }

  button.addEventListener("click", function () {
    if (stream) { return stop(); }
    refused.hidden = true;
    navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } }).then(function (found) {
      stream = found;
      view.srcObject = found;
      view.hidden = false;
      return view.play();
    }).then(function () { look(new window.BarcodeDetector({ formats: FORMATS })); }).catch(function () {
      // Not allowed, taken by another program, or a browser that knows none of these codes.
      stop();
      refused.hidden = false;
    });
  });
  window.addEventListener("pagehide", stop);
})();
