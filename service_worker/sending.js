// How does a batch travel to the portal? As few bytes as it can, not for longer than half a minute, and where
// every item vouches for itself without the session.

import { packed, slim } from "./wire.js";

const ADDRESS = "/offline/events";
const PATIENCE = 30_000; // milliseconds for one request; a fetch that hangs must not hold the lock for ever
const KEEPALIVE_BYTES = 60_000; // browsers let about 64 KiB outlive the page that sends them
const NOT_UNDERSTOOD = new Set([400, 415]);

let takesPacked = false; // no portal does yet

// Resolves to {status, body}; throws where no answer came.
export async function post(items) {
  const text = JSON.stringify(slim(items));
  const mayGoAlone = takesPacked && items.every((item) => item.kind !== "entry" && item.signature !== null);
  if (!mayGoAlone) return travel(text, "same-origin");
  const answer = await travel(text, "omit");
  // The portal does not trust this device any more: then the session, if there is one, says whose the items are.
  return answer.status === 401 ? travel(text, "same-origin") : answer;
}

async function travel(text, credentials) {
  const { body, headers } = takesPacked ? await packed(text) : { body: text, headers: {} };
  const answer = await request(body, headers, credentials);
  const isPacked = "Content-Encoding" in headers;
  if (!isPacked || !NOT_UNDERSTOOD.has(answer.status)) return answer;
  takesPacked = false;
  return request(text, {}, credentials);
}

// Without the referrer, which the portal does not read: the browser's own word on the origin goes along.
async function request(body, headers, credentials) {
  const response = await fetch(ADDRESS, {
    method: "POST",
    headers: { "Content-Type": "application/json", "X-Requested-With": "carehours", ...headers },
    credentials,
    redirect: "error",
    referrerPolicy: "no-referrer",
    keepalive: (body.byteLength ?? body.length) < KEEPALIVE_BYTES,
    signal: AbortSignal.timeout(PATIENCE),
    body,
  });
  return { status: response.status, body: await response.json().catch(() => undefined) };
}
