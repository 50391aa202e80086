// Shows messages that a push service brings, and without a net a page that says what to do. It keeps that page in
// both languages and the files that it loads, never a page of a merchant. Whatever fails in here leaves the
// browser to ask the net as usual.
"use strict";

const { version, pages, files, icon } = VALUES;
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

// A new release serves its files under other names: the page that is kept still needs those it was kept with.
async function fetchOrKept(request, path) {
  const answer = await fetch(request).catch(function () { return null; });
  return (answer && answer.ok) ? answer : (await kept(path)) || answer || Response.error();
}

self.addEventListener("fetch", function (event) {
  const request = event.request;
  const address = new URL(request.url);
  if (request.method !== "GET" || address.origin !== self.location.origin) { return; }
  if (files.includes(address.pathname)) {
    event.respondWith(fetchOrKept(request, address.pathname));
    return;
  }
  if (request.mode !== "navigate") { return; }
  if (NOT_OURS.some(function (start) { return address.pathname.startsWith(start); })) { return; }
  const answer = fetch(request);
  event.waitUntil(answer.then(hear, function () { return null; }));
  event.respondWith(answer.catch(withoutNet));
});

// A message that a push service brings. The browser wants it shown whatever it holds.
self.addEventListener("push", function (event) {
  let told = {};
  try { told = (event.data && event.data.json()) || {}; } catch { told = {}; }
  const actions = (told.actions || []).map(function (one, number) {
    return { action: String(number), title: one.title };
  });
  const addresses = (told.actions || []).map(function (one) { return one.url; });
  event.waitUntil(self.registration.showNotification(told.title || "EvoSync", {
    body: told.body || "", tag: told.tag || "", lang: told.lang || "", icon: icon, badge: icon,
    actions: actions, data: { url: told.url, addresses: addresses },
  }));
});

// A press opens a page of this site, in the tab that shows it where there is one.
self.addEventListener("notificationclick", function (event) {
  event.notification.close();
  const data = event.notification.data || {};
  const wanted = event.action === "" ? data.url : (data.addresses || [])[Number(event.action)];
  let address = new URL(wanted || "/", self.location.origin);
  if (address.origin !== self.location.origin) { address = new URL("/", self.location.origin); }
  event.waitUntil(
    self.clients.matchAll({ type: "window", includeUncontrolled: true }).then(function (tabs) {
      const open = tabs.find(function (tab) { return tab.url === address.href; });
      return open ? open.focus() : self.clients.openWindow(address.href);
    })
  );
});
