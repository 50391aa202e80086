// Shows a page that says what to do where there is no net. It keeps that page in both languages and the files
// that it loads, never a page of a merchant. Whatever fails in here leaves the browser to ask the net as usual.
"use strict";

const { version, pages, files } = VALUES;
const PREFIX = "evosync-";
const CACHE = PREFIX + version;
const LANGUAGE = "/offline/language";
// Ways back from other services, secret addresses, and staff's pages are none of the worker's business.
const NOT_OURS = ["/vk-id/", "/evotor-oauth/", "/evotor/", "/shelf/", "/feed/", "/admin/", "/static/"];

self.addEventListener("install", function (event) {
  // A part that does not come fails the installation: the worker before it stays, with what it has kept.
  event.waitUntil(
    caches.open(CACHE).then(function (cache) {
      const wanted = Object.values(pages).concat(files);
      return cache.addAll(wanted.map(function (address) {
        return new Request(address, { cache: "no-cache", credentials: "omit" });
      }));
    }).then(function () { return self.skipWaiting(); })
  );
});

self.addEventListener("activate", function (event) {
  event.waitUntil(
    caches.keys().then(function (names) {
      return Promise.all(names.filter(function (name) {
        return name.startsWith(PREFIX) && name !== CACHE;
      }).map(function (name) { return caches.delete(name); }));
    }).then(function () { return self.clients.claim(); })
  );
});

function kept(address) {
  return caches.open(CACHE).then(function (cache) { return cache.match(address); });
}

// Notes in which language the site has spoken last, which is all that is kept of a page.
let spoken = "";
function hear(answer) {
  const language = answer.headers.get("Content-Language") || "";
  if (!pages[language] || language === spoken) { return Promise.resolve(); }
  spoken = language;
  return caches.open(CACHE).then(function (cache) { return cache.put(LANGUAGE, new Response(language)); })
    .catch(function () { spoken = ""; });
}

// Its address stays the one that was asked for, so that loading it again is trying again.
async function withoutNet() {
  const note = await kept(LANGUAGE);
  const language = note ? await note.text() : (self.navigator.language || "").slice(0, 2);
  return (await kept(pages[language] || pages.ru)) || Response.error();
}

self.addEventListener("fetch", function (event) {
  const request = event.request;
  const address = new URL(request.url);
  if (request.method !== "GET" || address.origin !== self.location.origin) { return; }
  if (files.includes(address.pathname)) {
    event.respondWith(fetch(request).catch(function () {
      return kept(address.pathname).then(function (file) { return file || Response.error(); });
    }));
    return;
  }
  if (request.mode !== "navigate") { return; }
  if (NOT_OURS.some(function (start) { return address.pathname.startsWith(start); })) { return; }
  const answer = fetch(request);
  event.waitUntil(answer.then(hear, function () { return null; }));
  event.respondWith(answer.catch(withoutNet));
});
