// Who sends the outbox, when, and under whose name? One drain at a time over all tabs and the worker; only
// what the signed-in account wrote, or, where nobody is signed in, what an enrolled device can vouch for.

import { keyStore, createMemory } from "./memory.js";
import { createOutbox } from "./outbox.js";
import { outboxStore } from "./outbox_store.js";
import { withReceipt } from "./phone_facts.js";
import { removeAccount } from "./removal.js";
import { judge, replay } from "./replay.js";
import { createVault } from "./vault.js";

const PATIENCE = 30_000; // milliseconds for one request; a fetch that hangs must not hold the lock for ever
const KEEPALIVE_BYTES = 60_000; // browsers let about 64 KiB outlive the page that sends them

export const vault = createVault(keyStore);
export const memory = createMemory(vault);

const outboxes = new Map();

export function outboxOf(account) {
  if (!outboxes.has(account)) {
    const exclusively = (work) => alone("outbox-rows", work);
    outboxes.set(account, createOutbox({ account, store: outboxStore, vault, exclusively }));
  }
  return outboxes.get(account);
}

// Sends what may be sent now. `tell(account, outcomes)` hears each batch's answers. Resolves to "done",
// "sign_in" or "later".
export function drain(tell = () => {}) {
  return alone("outbox-drain", async () => {
    if (navigator.onLine === false) return "later"; // nothing can have left: what waits may still be mended
    const { senders, unvouched } = await accountsToSend();
    let worst = unvouched ? "sign_in" : "done";
    for (const account of senders) {
      const ended = await replay(outboxOf(account), (items) => send(account, items), async (outcomes) => {
        await noteReceipts(account, outcomes);
        tell(account, outcomes);
      });
      worst = worse(worst, ended);
    }
    return worst;
  });
}

// Takes everything of an account off this phone, while nobody sends or writes any of it.
export function removeFromPhone(account) {
  const parts = { store: outboxStore, memory, vault };
  return alone("outbox-drain", () => alone("outbox-rows", () => removeAccount(account, parts)));
}

export async function hasWaiting() {
  return (await outboxStore.all()).some((row) => row.state === "waiting");
}

// Sends one event that could not be kept, and resolves to its outcome.
export async function deliver(account, event) {
  const answer = await send(account, [{ event }]).catch(() => ({ status: 0 }));
  return judge([{ event }], answer).outcomes?.[0] ?? { result: "keep" };
}

// Whose events may be sent now; `unvouched` where some must wait until their owner signs in.
async function accountsToSend() {
  const signedIn = await memory.signedIn();
  const waiting = (await outboxStore.all()).filter((row) => row.state === "waiting");
  const owners = [...new Set(waiting.map((row) => row.account))];
  if (signedIn !== null) return { senders: owners.filter((account) => account === signedIn) };
  const devices = await Promise.all(owners.map((account) => vault.enrolledDevice(account)));
  const senders = owners.filter((_account, index) => devices[index] !== undefined);
  return { senders, unvouched: senders.length < owners.length };
}

async function send(account, items) {
  const events = await Promise.all(items.map(({ event }) => vouchedFor(account, event)));
  const body = JSON.stringify(events);
  const response = await fetch("/offline/events", {
    method: "POST",
    headers: { "Content-Type": "application/json", "X-Requested-With": "carehours" },
    credentials: "same-origin",
    redirect: "error",
    keepalive: body.length < KEEPALIVE_BYTES,
    signal: AbortSignal.timeout(PATIENCE),
    body,
  });
  return { status: response.status, body: await response.json().catch(() => undefined) };
}

async function vouchedFor(account, event) {
  const vouched = await vault.sign(account, event).catch(() => undefined);
  return { ...event, account, ...(vouched ?? { device: null, signature: null }) };
}

// So that a card shows the truth offline before the next visit to the portal brings fresh facts.
async function noteReceipts(account, outcomes) {
  const received = outcomes.filter((outcome) => outcome.result === "received");
  const facts = received.length > 0 && (await memory.facts(account).catch(() => undefined));
  if (!facts) return;
  const after = received.reduce(
    (seen, outcome) => withReceipt(seen, outcome.item.event, outcome.facts),
    facts,
  );
  await memory.noteFacts(account, after).catch(() => undefined);
}

function worse(one, other) {
  const order = ["done", "later", "sign_in"];
  return order[Math.max(order.indexOf(one), order.indexOf(other))];
}

function alone(name, work) {
  return navigator.locks ? navigator.locks.request(name, work) : work();
}
