// The service worker: listeners and routing only. Decisions live in the modules it imports.
//
// The view behind /sw.js writes the release and the addresses of its static files into these two literals.

import { drain, hasWaiting, vault } from "/sw/drain.js";
import { cacheName, outdated, requests } from "/sw/precache.js";
import { cacheOrNetwork, networkOrShell, patienceFor, routeOf, sendFirst } from "/sw/strategies.js";

const VERSION = "__VERSION__";
const ASSETS = ["__ASSETS__"];

self.addEventListener("install", (event) => {
  event.waitUntil(
    openCache()
      .then((cache) => cache.addAll(requests(ASSETS)))
      .then(() => self.skipWaiting()),
  );
});

self.addEventListener("activate", (event) => {
  event.waitUntil(
    Promise.all([
      deleteOutdatedCaches(),
      self.registration.navigationPreload?.enable(),
      self.clients.claim(),
    ]),
  );
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const route = routeOf(request, self.location.origin);
  if (route === "asset") {
    event.respondWith(openCache().then((cache) => cacheOrNetwork(cache, request, fetch)));
  } else if (route === "page") {
    const load = () => loadPage(event);
    event.respondWith(openCache().then((cache) => networkOrShell(cache, load, patienceFor(request.url))));
  }
});

self.addEventListener("sync", (event) => {
  if (event.tag === "outbox") event.waitUntil(drainOrThrow());
});

self.addEventListener("message", (event) => {
  if (event.data?.type === "drain") event.waitUntil(drain(announce));
  if (event.data?.type === "removed") vault.dropKeys(event.data.account);
});

async function loadPage({ preloadResponse, request }) {
  const isStale = await sendFirst(hasWaiting, () => drain(announce));
  const preloaded = await preloadResponse?.catch(() => undefined);
  return isStale ? fetch(request) : (preloaded ?? fetch(request));
}

// Background Sync tries again only where the promise fails.
async function drainOrThrow() {
  if ((await drain(announce)) === "later") throw new Error("Some events still wait to be sent.");
}

function announce(account, outcomes) {
  const channel = new BroadcastChannel("carehours");
  channel.postMessage({ type: "answered", account, outcomes });
  channel.close();
}

function openCache() {
  return caches.open(cacheName(VERSION));
}

async function deleteOutdatedCaches() {
  await Promise.all(outdated(await caches.keys(), VERSION).map((name) => caches.delete(name)));
}
