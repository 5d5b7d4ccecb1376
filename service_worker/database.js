// What lies on the phone, in which stores? One IndexedDB database that pages and worker share.
//
// keys    name → CryptoKey or key pair, none of which can be exported; the number of the device
// outbox  seq → {seq, account, state, tried, form, iv, sealed, signature}
// facts   account → {iv, sealed}, and "receipts:account" → {account, iv, sealed}
// meta    name → value; names of people are sealed
//
// The stores are those of the first release. A later need is met inside them (`form` of a row, names in `meta`),
// because a page of an earlier release may stand beside a worker of a later one, and opens these or nothing.

import { openDB } from "./vendor/idb-8.0.4.js";

const NAME = "carehours";
const STORES = ["keys", "facts", "meta"];

let opened;
const losses = new Set();

// No version is named: whatever stands is opened, and where nothing stands the first version is made.
export function openDatabase() {
  opened ??= openDB(NAME, undefined, {
    upgrade(database) {
      database.createObjectStore("outbox", { keyPath: "seq", autoIncrement: true });
      STORES.forEach((store) => database.createObjectStore(store));
    },
    blocking(_now, _wanted, event) {
      event.target.close(); // a later release wants to upgrade: let it, and open again when asked
      opened = undefined;
    },
    terminated() {
      opened = undefined;
      losses.forEach((listener) => listener());
    },
  }).catch((error) => {
    opened = undefined;
    throw error;
  });
  return opened;
}

// Calls the listener when the browser took the database away under an open page: what was read from it before
// may be gone from the disk, keys too.
export function onLoss(listener) {
  losses.add(listener);
}

// Runs `work` on one store and resolves when the change is on the disk, not merely on its way there
// (browsers default to "relaxed" since 2024, and a phone's battery may die a second after the tap).
export function write(store, work) {
  return writeTogether([store], (transaction) => work(transaction.store));
}

// The same for several stores at once: all of it is on the disk, or nothing.
export async function writeTogether(stores, work) {
  const transaction = await begun(stores, "readwrite", { durability: "strict" });
  const [result] = await Promise.all([work(transaction), transaction.done]);
  return result;
}

export async function read(store, work) {
  return work((await begun(store, "readonly")).store);
}

// A browser may have closed an idle database without a word; then it is opened once more.
async function begun(stores, mode, options) {
  const database = await openDatabase();
  try {
    return database.transaction(stores, mode, options);
  } catch (error) {
    if (error.name !== "InvalidStateError") throw error;
    opened = undefined;
    return (await openDatabase()).transaction(stores, mode, options);
  }
}
