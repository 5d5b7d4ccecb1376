// Who sends the outbox, when, and under whose name? One drain at a time over all tabs and the worker; only
// what the signed-in account wrote, or, where nobody is signed in, what an enrolled device can vouch for.

import { createAnchors } from "./anchors.js";
import { createChain } from "./chain.js";
import { onLoss } from "./database.js";
import { createMemory, keptAnchor, keyStore, links } from "./memory.js";
import { createOutbox } from "./outbox.js";
import { outboxStore } from "./outbox_store.js";
import { withReceipt } from "./phone_facts.js";
import { removeAccount } from "./removal.js";
import { judge, replay } from "./replay.js";
import { post } from "./sending.js";
import { signedText } from "./signed_text.js";
import { createVault } from "./vault.js";

export const vault = createVault(keyStore);
export const memory = createMemory(vault);
export const anchors = createAnchors(keptAnchor);

const outboxes = new Map();
const chains = new Map();

export function outboxOf(account) {
  if (!outboxes.has(account)) {
    const exclusively = (work) => alone("outbox-rows", work);
    const parts = { account, store: outboxStore, vault, chain: chainOf(account), exclusively };
    outboxes.set(account, createOutbox(parts));
  }
  return outboxes.get(account);
}

function chainOf(account) {
  if (!chains.has(account)) chains.set(account, createChain({ account, vault, links, anchors }));
  return chains.get(account);
}

// Has at hand what a tap of this account needs: its keys, where its chain stands, the newest anchor. A tap then
// waits for one write and nothing else.
export async function prepareTaps(account) {
  await Promise.all([vault.prepare(account), chainOf(account).prepare(), anchors.recall()]);
}

// What this page or worker has at hand of an account, or of all, is not on the phone any more.
export function forgetAtHand(account) {
  if (account === undefined) vault.dropAllKeys();
  else vault.dropKeys(account);
  for (const [of, chain] of chains) if (account === undefined || of === account) chain.forget();
}

onLoss(() => forgetAtHand());

// Sends what may be sent now. `tell` hears {type: "sending", account, ids} as a batch leaves, and {type:
// "answered", account, outcomes, anchor} as each is settled. Resolves to "done", "sign_in" or "later".
export function drain(tell = () => {}) {
  return alone("outbox-drain", async () => {
    if (navigator.onLine === false) return "later"; // nothing can have left: what waits may still be mended
    const { senders, unvouched } = await accountsToSend();
    let worst = unvouched ? "sign_in" : "done";
    for (const account of senders) worst = worse(worst, await drainOne(account, tell));
    return worst;
  });
}

function drainOne(account, tell) {
  let anchor;
  const leaving = async (items) => {
    tell({ type: "sending", account, ids: items.map(({ event }) => event.id) });
    const answer = await send(account, items);
    anchor = answer.body?.anchor;
    return answer;
  };
  return replay(outboxOf(account), leaving, async (outcomes) => {
    await noteReceipts(account, outcomes);
    tell({ type: "answered", account, outcomes, anchor });
  });
}

// Takes everything of an account off this phone, while nobody sends or writes any of it.
export function removeFromPhone(account) {
  const parts = { store: outboxStore, memory, vault };
  return alone("outbox-drain", () =>
    alone("outbox-rows", async () => {
      await removeAccount(account, parts);
      forgetAtHand(account);
    }),
  );
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
  const device = await vault.enrolledDevice(account).catch(() => undefined);
  const answer = await post(await Promise.all(items.map((item) => vouchedFor(account, item, device))));
  await anchors.hear(answer.body?.anchor).catch(() => undefined);
  return answer;
}

// As it goes: with the signature of the tap, or else with one that is made now.
async function vouchedFor(account, { event, proof, signature }, device) {
  const item = { ...event, account, device: null, signature: null };
  if (device === undefined) return item;
  if (proof && signature) return { ...item, device, signature, proof };
  const late = await vault.sign(account, signedText(account, event)).catch(() => undefined);
  return late ? { ...item, device, signature: late } : item;
}

// So that a card shows the truth offline before the next visit to the portal brings fresh facts, and the line at
// the foot of the page what was received.
async function noteReceipts(account, outcomes) {
  const received = outcomes.filter((outcome) => outcome.result === "received");
  if (received.length === 0) return;
  await memory.noteReceipts(account, received, new Date().toISOString()).catch(() => undefined);
  const facts = await memory.facts(account).catch(() => undefined);
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
