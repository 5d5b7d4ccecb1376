// What does this page keep on the phone, under whose name, and when is it sent? The page's own handle on the
// outbox; every behaviour goes through it.

import {
  anchors,
  deliver,
  drain,
  forgetAtHand,
  memory,
  outboxOf,
  prepareTaps,
  removeFromPhone,
} from "../sw/drain.js";
import { within } from "../sw/patience.js";
import { readSealTo } from "../sw/place_box.js";
import { pauseAfter } from "../sw/replay.js";

const page = document.body.dataset;
const channel = "BroadcastChannel" in globalThis ? new BroadcastChannel("carehours") : undefined;
const listeners = new Set();

const PAINT = 50; // milliseconds: "Saved" is seen before the phone turns to sending
const KEEPING = 5_000; // milliseconds for the phone to keep something; some never say that they cannot
const keeping = new Set();

let attempts = 0;
let running;
let again = false;
let timer;

// From the first moment on: what was answered while the page loads is news for it.
if (channel) channel.onmessage = ({ data }) => hear(data);

// Whose taps these are: {account, name} of who is signed in, or of whoever last worked here; undefined on a
// phone that knows nobody.
export const owner = findOwner();

// How the last attempt to send ended: "done", "later", "sign_in"; undefined before the first.
export let lastEnd;

async function findOwner() {
  if (page.account) return { account: Number(page.account), name: page.accountName };
  return memory.person().catch((error) => void console.warn(error));
}

// Tells the worker, by way of the phone, who is signed in. The shell is no page of the portal and knows
// nothing about that.
export async function noteWhoIsHere() {
  if ("offlineShell" in page) return;
  await memory.noteSignedIn(page.account ? Number(page.account) : null);
  if (!("offline" in page)) return;
  await memory.notePerson(Number(page.account), page.accountName ?? "");
  const sealTo = readSealTo(page.sealTo);
  if (sealTo) await memory.noteSealTo(sealTo);
}

// Has at hand what the next tap needs: see drain.js. The portal's time on this page is the newest there is.
export async function prepareForTaps() {
  const prepared = owner.then((here) => here && prepareTaps(here.account));
  await Promise.all([anchors.hear(page.anchor), prepared]);
}

// This phone could not keep an event. `event` is what it was; `isFull` where there was no room for it.
export class NotKept extends Error {
  constructor(event, cause) {
    super("This phone could not keep it.", { cause });
    this.event = event;
    this.isFull = cause?.name === "QuotaExceededError";
  }
}

// Keeps an event and, once it is on the phone, sends it. `data` may be a function, asked at the moment of
// keeping. Throws NotKept. `pause` is how long (ms) sending may wait for more typing.
export function keep(kind, data, { at = new Date(), pause = PAINT } = {}) {
  const work = keepNow(kind, data, at).finally(() => keeping.delete(work));
  keeping.add(work);
  work.then(() => sendAfter(pause)).catch(() => undefined);
  return work;
}

async function keepNow(kind, data, at) {
  const named = { id: crypto.randomUUID(), kind, made_at: at.toISOString() };
  const make = () => ({ ...named, data: typeof data === "function" ? data() : data });
  try {
    const { account } = await owner;
    const kept = outboxOf(account).put(make).then((event) => {
      tell({ type: "kept", account, event });
      return event;
    });
    return await within(KEEPING, kept);
  } catch (cause) {
    console.warn(cause);
    throw new NotKept(make(), cause);
  }
}

// Where the phone keeps nothing (private window, full disk): sends an event without keeping it, and resolves
// to the portal's outcome, of which `result` "keep" means that it did not arrive.
export async function sendUnkept(event) {
  const { account } = (await owner) ?? {};
  return account === undefined ? { result: "keep" } : deliver(account, event);
}

// Everything of the owner's that has not been received, oldest first.
export async function unsent() {
  const here = await owner;
  return here ? outboxOf(here.account).items() : [];
}

// Takes an item off the phone, because a person said so.
export async function discard(seq) {
  await outboxOf((await owner).account).remove(seq);
  tell({ type: "discarded", seq });
}

// Of a day in conflict the portal's version stands, because a person chose it.
export async function takeTheirs({ seq, event }, theirs) {
  if (seq !== undefined) await outboxOf((await owner).account).remove(seq);
  tell({ type: "resolved", event, theirs });
}

// The last receipts of the owner's, newest first.
export async function receipts() {
  const here = await owner;
  return here ? memory.receipts(here.account) : [];
}

// Takes everything of the owner's off the phone, because she leaves it for good. The worker and other pages
// must not go on with keys that are gone.
export async function removeOwner() {
  const { account } = await owner;
  await removeFromPhone(account);
  tell({ type: "removed", account });
  const registration = await navigator.serviceWorker?.getRegistration();
  registration?.active?.postMessage({ type: "removed", account });
}

// Sends what waits, and resolves when that has ended. Calls while it runs become one more round.
export function sendNow() {
  clearTimeout(timer);
  if (running) again = true;
  running ??= rounds().finally(() => {
    running = undefined;
  });
  return running;
}

// The same, after everything that is being kept at this moment.
export async function sendAll() {
  await Promise.allSettled(keeping);
  return sendNow();
}

export function isBusy() {
  return keeping.size > 0 || running !== undefined || timer !== undefined;
}

// Calls the listener with what happens in this page, in others and in the worker: {type: "kept" | "sending" | "answered"
// | "discarded" | "resolved" | "removed" | "ended", …}.
export function onPhone(listener) {
  listeners.add(listener);
}

// What the portal sent last about cards and sheets; undefined where nothing is kept.
export async function knownFacts() {
  const here = await owner;
  return here && memory.facts(here.account).catch((error) => void console.warn(error));
}

async function rounds() {
  do {
    again = false;
    lastEnd = await drain(tell).catch(() => "later");
  } while (again);
  timer = undefined;
  if (lastEnd === "later") {
    timer = setTimeout(sendNow, pauseAfter(attempts));
    attempts += 1;
    askForBackgroundSync();
  } else {
    attempts = 0;
  }
  tell({ type: "ended" });
  return lastEnd;
}

function sendAfter(pause) {
  clearTimeout(timer);
  timer = setTimeout(sendNow, pause);
}

function tell(message) {
  hear(message);
  channel?.postMessage(message);
}

function hear(message) {
  if (message.type === "removed") forgetAtHand(message.account);
  if (message.anchor) anchors.hear(message.anchor).catch(() => undefined);
  listeners.forEach((listener) => listener(message));
}

async function askForBackgroundSync() {
  const registration = await navigator.serviceWorker?.getRegistration();
  await registration?.sync?.register("outbox").catch(() => undefined);
}

// A phone goes back into the pocket right after the tap: then the worker goes on, where the browser lets it.
function handOver() {
  if (!isBusy()) return;
  askForBackgroundSync();
  navigator.serviceWorker?.controller?.postMessage({ type: "drain" });
}

export function sendWheneverPossible() {
  addEventListener("online", () => sendNow());
  addEventListener("pageshow", (event) => event.persisted && sendNow());
  addEventListener("pagehide", handOver);
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "visible") sendNow();
    else handOver();
  });
  return sendNow();
}
