// What lies on the phone, in which stores? One IndexedDB database that pages and worker share.
//
// keys    name → CryptoKey or key pair, none of which can be exported; the number of the device
// outbox  seq → {seq, account, state, tried, form, iv, sealed, signature}
// facts   account → {iv, sealed}, and "receipts:account" → {account, iv, sealed}
// meta    name → value; names of people are sealed
//
// The stores are those of the first release. A later need is met inside them (`form` of a row, names in `meta`),
// because a page of an earlier release may stand beside a worker of a later one, and opens these or nothing.

import { within } from "./patience.js";
import { openDB, unwrap } from "./vendor/idb-8.0.4.js";

const NAME = "carehours";
const STORES = ["keys", "facts", "meta"];
const OPENING = 3_000; // milliseconds; some browsers never say that they cannot open it
const HANGING = 30_000; // milliseconds for which one that does not open is not asked again: somebody waits
const STRICT = { durability: "strict" };

let opened;
const losses = new Set();

// No version is named: whatever stands is opened, and where nothing stands the first version is made.
export function openDatabase() {
  opened ??= within(OPENING, open()).catch((error) => {
    if (error.name === "TimeoutError") setTimeout(forget, HANGING);
    else forget();
    throw error;
  });
  return opened;
}

function forget() {
  opened = undefined;
}

function open() {
  return openDB(NAME, undefined, {
    upgrade(database) {
      database.createObjectStore("outbox", { keyPath: "seq", autoIncrement: true });
      STORES.forEach((store) => database.createObjectStore(store));
    },
    blocking(_now, _wanted, event) {
      event.target.close(); // a later release wants to upgrade: let it, and open again when asked
      forget();
    },
    terminated() {
      forget();
      losses.forEach((listener) => listener());
    },
  });
}

// Calls the listener when the browser took the database away under an open page: what was read from it before
// may be gone from the disk, keys too.
export function onLoss(listener) {
  losses.add(listener);
}

// Runs `work` on one store and resolves when the change is on the disk, not merely on its way there
// (browsers default to "relaxed" since 2024, and a phone's battery may die a second after the tap).
export async function write(store, work) {
  const transaction = await begun(store, "readwrite", STRICT);
  const [result] = await Promise.all([work(transaction.store), transaction.done]);
  return result;
}

// Adds [store, value, key] to several stores at once: all of it is on the disk then, or nothing. Throws a
// ConstraintError where a key is taken. Everything is asked for in one breath, for a tap waits: to hear the answer
// to each request before the next would cost a slow phone more than the disk does.
export async function addTogether(additions) {
  const stores = additions.map(([store]) => store);
  const transaction = await begun(stores, "readwrite", STRICT, unwrap);
  return new Promise((resolve, reject) => {
    transaction.oncomplete = () => resolve();
    transaction.onabort = () => reject(transaction.error ?? new DOMException("Taken back.", "AbortError"));
    for (const [store, value, key] of additions) transaction.objectStore(store).add(value, key);
    transaction.commit?.();
  });
}

export async function read(store, work) {
  return work((await begun(store, "readonly")).store);
}

// A browser may have closed an idle database without a word; then it is opened once more.
async function begun(stores, mode, options, as = (database) => database) {
  try {
    return as(await openDatabase()).transaction(stores, mode, options);
  } catch (error) {
    if (error.name !== "InvalidStateError") throw error;
    forget();
    return as(await openDatabase()).transaction(stores, mode, options);
  }
}
