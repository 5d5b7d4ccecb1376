// What lies on the phone, in which stores? One IndexedDB database that pages and worker share.
//
// keys    name → CryptoKey or key pair, none of which can be exported
// outbox  seq → {seq, account, state, tried, form, iv, sealed}
// facts   account → {iv, sealed}
// meta    name → value; names of people are sealed

import { openDB } from "./vendor/idb-8.0.4.js";

const NAME = "carehours";
const VERSION = 1;

let opened;

export function openDatabase() {
  opened ??= openDB(NAME, VERSION, {
    upgrade(database) {
      database.createObjectStore("keys");
      database.createObjectStore("outbox", { keyPath: "seq", autoIncrement: true });
      database.createObjectStore("facts");
      database.createObjectStore("meta");
    },
    blocking(_now, _wanted, event) {
      event.target.close(); // a newer release wants to upgrade: let it, and open again when asked
      opened = undefined;
    },
    terminated() {
      opened = undefined;
    },
  }).catch((error) => {
    opened = undefined;
    throw error;
  });
  return opened;
}

// Runs `work` on one store and resolves when the change is on the disk, not merely on its way there
// (browsers default to "relaxed" since 2024, and a phone's battery may die a second after the tap).
export async function write(store, work) {
  const database = await openDatabase();
  const transaction = database.transaction(store, "readwrite", { durability: "strict" });
  const [result] = await Promise.all([work(transaction.store), transaction.done]);
  return result;
}

export async function read(store, work) {
  const database = await openDatabase();
  return work(database.transaction(store).store);
}
