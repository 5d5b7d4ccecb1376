// The service worker: listeners and routing only. Decisions live in the modules it imports.
//
// The view behind /sw.js writes the release and the addresses of its static files into these two literals.

import { drain, forgetAtHand, hasWaiting, memory } from "/sw/drain.js";
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
    event.respondWith(answerPage(event));
  }
});

self.addEventListener("sync", (event) => {
  if (event.tag === "outbox") event.waitUntil(drainOrThrow());
});

self.addEventListener("message", (event) => {
  if (event.data?.type === "drain") event.waitUntil(drainAndTell());
  if (event.data?.type === "removed") forgetAtHand(event.data.account);
});

// The page is on its way while we look what this phone could show instead.
async function answerPage(event) {
  const loading = loadPage(event);
  loading.catch(() => undefined); // it is heard below
  const [cache, facts] = await Promise.all([openCache(), knownFacts().catch(() => undefined)]);
  return networkOrShell(cache, () => loading, patienceFor(event.request.url, facts));
}

async function knownFacts() {
  const person = await memory.person();
  return person && memory.facts(person.account);
}

async function loadPage({ preloadResponse, request }) {
  const isStale = await sendFirst(hasWaiting, drainAndTell);
  const preloaded = await preloadResponse?.catch(() => undefined);
  return isStale ? fetch(request) : (preloaded ?? fetch(request));
}

// Background Sync tries again only where the promise fails.
async function drainOrThrow() {
  if ((await drainAndTell()) === "later") throw new Error("Some events still wait to be sent.");
}

function drainAndTell() {
  return drain(announce).finally(() => announce({ type: "ended" }));
}

// What the worker sends and hears, every open page shows.
function announce(message) {
  const channel = new BroadcastChannel("carehours");
  channel.postMessage(message);
  channel.close();
}

function openCache() {
  return caches.open(cacheName(VERSION));
}

async function deleteOutdatedCaches() {
  await Promise.all(outdated(await caches.keys(), VERSION).map((name) => caches.delete(name)));
}
