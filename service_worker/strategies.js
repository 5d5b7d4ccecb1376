// Where does an answer come from? Static files from the cache, pages from the network, and the empty shell
// where the network fails. No page with anything about a person is ever cached.

import { within } from "./patience.js";
import { SHELL } from "./precache.js";

// What the worker does with a request: "asset", "page", or undefined to leave it to the browser.
export function routeOf({ method, mode, url }, origin) {
  const address = new URL(url);
  if (method !== "GET" || address.origin !== origin) return undefined;
  if (mode === "navigate") return "page";
  return address.pathname.startsWith("/static/") ? "asset" : undefined;
}

// How long a page may take before the shell answers, in milliseconds: only where the shell can fill itself from the
// `facts` of this phone. A bar of signal that carries nothing must not stand between a person at the door and the
// tap; but right after the first sign-in there are no facts, and a slow page is better than an empty one.
export function patienceFor(url, facts) {
  const { pathname } = new URL(url);
  const sheet = Number(/^\/timesheets\/(\d+)$/.exec(pathname)?.[1]);
  const canHelp = pathname === "/" ? facts !== undefined : facts?.sheets.some(({ id }) => id === sheet);
  return canHelp ? 6_000 : Infinity;
}

export async function cacheOrNetwork(cache, request, fetch) {
  return (await cache.match(request, { ignoreVary: true })) ?? fetch(request);
}

// The page, or the shell under the same address. `load` asks the network; `patience` may be Infinity.
export async function networkOrShell(cache, load, patience) {
  try {
    return await within(patience, load());
  } catch (error) {
    const shell = await cache.match(SHELL, { ignoreVary: true });
    if (!shell) throw error;
    return shell;
  }
}

// Sends what waits before a page is asked for, so that the page shows it; not for longer than `patience`
// milliseconds. Resolves to whether anything waited: then an answer that was asked for earlier is stale.
export async function sendFirst(hasWaiting, send, patience = 2_000) {
  if (!(await hasWaiting().catch(() => false))) return false;
  await within(patience, send()).catch(() => undefined);
  return true;
}
