// A phone without a browser: rows and keys in memory, and people with lives.

import { createAnchors } from "../anchors.js";
import { createChain } from "../chain.js";
import { createOutbox } from "../outbox.js";
import { createVault } from "../vault.js";

export const ANA = 7;
export const MARIA = 9;
export const ROSA_ASSIGNMENT = 12;
export const SHEET = 5;
export const DEVICE = 31;

export function fakeKeys() {
  const kept = new Map();
  return {
    kept,
    get: async (name) => kept.get(name),
    put: async (name, value) => void kept.set(name, value),
    async getOrAdd(name, value) {
      if (!kept.has(name)) kept.set(name, value);
      return kept.get(name);
    },
    remove: async (names) => names.forEach((name) => kept.delete(name)),
  };
}

// What memory.js does with names and facts in IndexedDB, sealed as there.
export function fakeMemory(vault) {
  const facts = new Map();
  return {
    facts,
    noteFacts: async (account, value) => void facts.set(account, await vault.seal(account, "facts", value)),
    remove: async (account) => void facts.delete(account),
  };
}

// What outbox_store.js does in IndexedDB. Rows are copied in and out, as the database copies them.
export function fakeStore() {
  const rows = new Map();
  const chains = new Map(); // account → its links, by number
  let last = 0;
  return {
    rows,
    chains,
    async addLinked(row, link) {
      const chain = chains.get(row.account) ?? new Map();
      if (chain.has(link.number)) return false;
      chains.set(row.account, chain.set(link.number, link));
      await this.add(row);
      return true;
    },
    newest: async (account) => [...(chains.get(account)?.values() ?? [])].at(-1),
    all: async () => [...rows.values()].sort((one, other) => one.seq - other.seq).map(copy),
    async add(row) {
      last += 1;
      rows.set(last, { ...copy(row), seq: last });
      return last;
    },
    async change(numbers, changer) {
      const changed = [];
      for (const number of numbers) {
        const next = rows.has(number) && changer(copy(rows.get(number)));
        if (next) {
          rows.set(number, copy(next));
          changed.push(copy(next));
        }
      }
      return changed;
    },
    remove: async (numbers) => numbers.forEach((number) => rows.delete(number)),
  };
}

function copy(row) {
  return structuredClone(row);
}

export function phoneOf(account = ANA, { store = fakeStore(), keys = fakeKeys() } = {}) {
  const vault = createVault(keys);
  return { store, keys, vault, outbox: createOutbox({ account, store, vault }) };
}

// A phone whose key the portal knows: what is tapped on it is signed. Tabs of one phone share store and keys.
export async function enrolledPhone({ account = ANA, store = fakeStore(), keys = fakeKeys(), anchors } = {}) {
  const vault = createVault(keys);
  await vault.publicKey(account);
  await vault.enroll(account, DEVICE);
  const heard = anchors ?? createAnchors({ get: async () => undefined, put: async () => undefined });
  const chain = createChain({ account, vault, links: store, anchors: heard });
  return { store, keys, vault, anchors: heard, chain, outbox: createOutbox({ account, store, vault, chain }) };
}

// Does the phone's public key verify a text's signature?
export async function verifier(keys, account = ANA) {
  const { publicKey } = keys.kept.get(`sign:${account}`);
  return (signature, text) =>
    crypto.subtle.verify(
      { name: "ECDSA", hash: "SHA-256" },
      publicKey,
      Buffer.from(signature, "base64url"),
      new TextEncoder().encode(text),
    );
}

let made = 0;

export function event(kind, data, id = `event-${(made += 1)}`) {
  return { id, kind, made_at: "2026-11-24T16:02:00.000Z", data };
}

export function checkIn(id) {
  return event("check-in", { assignment: ROSA_ASSIGNMENT, location: "home" }, id);
}

export function entry(on, minutes, base, id) {
  const data = { timesheet: SHEET, on, base, minutes, starts: null, ends: null, location: null };
  return event("entry", data, id);
}

// A portal that answers each event by `rule(event, body)`, and remembers what it was asked.
export function fakePortal(rule = receipt) {
  const asked = [];
  const send = async (items) => {
    asked.push(items.map((item) => structuredClone(item.event)));
    return { status: 200, body: { results: items.map((item) => ({ id: item.event.id, ...rule(item.event) })) } };
  };
  return { asked, send };
}

export function receipt({ id }) {
  return { result: "received", receipt: `R-${id}` };
}
