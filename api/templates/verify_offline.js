// Keeps the page for checking receipts, so that it opens without network. Nothing else goes through here.
"use strict";

const KEPT = "verify-1";
const PAGES = ["/verify", "/verify?lang=en", "/verify.js"];

self.addEventListener("install", (event) => {
  event.waitUntil(caches.open(KEPT).then((kept) => kept.addAll(PAGES)).then(() => self.skipWaiting()));
});
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));
self.addEventListener("fetch", (event) => {
  const url = new URL(event.request.url);
  if (event.request.method !== "GET" || !PAGES.includes(url.pathname + url.search)) return;
  // The newest keys while there is network, the ones that were kept when there is none.
  event.respondWith(fetch(event.request).then((fresh) => {
    if (fresh.ok) {
      const copy = fresh.clone();
      event.waitUntil(caches.open(KEPT).then((kept) => kept.put(event.request, copy)));
    }
    return fresh;
  }).catch(() => caches.match(event.request)));
});
