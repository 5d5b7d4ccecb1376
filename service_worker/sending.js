// How does a batch travel to the portal? In as few bytes as it can, and not for longer than half a minute.

import { packed, slim } from "./wire.js";

const ADDRESS = "/offline/events";
const PATIENCE = 30_000; // milliseconds for one request; a fetch that hangs must not hold the lock for ever
const KEEPALIVE_BYTES = 60_000; // browsers let about 64 KiB outlive the page that sends them
const NOT_UNDERSTOOD = new Set([400, 415]);

let takesPacked = true; // until a portal of an earlier release says that it does not

// Resolves to {status, body}; throws where no answer came. The session goes along where there is one: a signature alone
// grants no reading, so the answer to it says no more than that it was received.
export async function post(items) {
  const text = JSON.stringify(slim(items));
  const { body, headers } = takesPacked ? await packed(text) : { body: text, headers: {} };
  const answer = await request(body, headers);
  const isPacked = "Content-Encoding" in headers;
  if (!isPacked || !NOT_UNDERSTOOD.has(answer.status)) return answer;
  takesPacked = false;
  return request(text, {});
}

// Without the referrer, which the portal does not read: the browser's own word on the origin goes along.
async function request(body, headers) {
  const response = await fetch(ADDRESS, {
    method: "POST",
    headers: { "Content-Type": "application/json", "X-Requested-With": "carehours", ...headers },
    credentials: "same-origin",
    redirect: "error",
    referrerPolicy: "no-referrer",
    keepalive: (body.byteLength ?? body.length) < KEEPALIVE_BYTES,
    signal: AbortSignal.timeout(PATIENCE),
    body,
  });
  return { status: response.status, body: await response.json().catch(() => undefined) };
}
