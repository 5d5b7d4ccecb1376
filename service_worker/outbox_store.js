// Where do the rows of the outbox lie? IndexedDB, behind five functions.

import { isSameHead } from "./chain.js";
import { read, write, writeTogether } from "./database.js";
import { headName } from "./memory.js";

export const outboxStore = {
  // Every row of every account, oldest first.
  all() {
    return read("outbox", (store) => store.getAll());
  },

  // Adds a row and resolves to its number once it is on the disk.
  add(row) {
    return write("outbox", (store) => store.add(row));
  },

  // Adds a row as the next of its account's chain: both are on the disk then, or neither. Resolves to
  // {kept: true}, or to {kept: false, head} where the chain does not stand at `link.from` any more. All is asked
  // for at once and taken back where it should not have been, for a tap waits for every answer.
  async addLinked(row, link) {
    let head = link.from;
    try {
      await writeTogether(["outbox", "meta"], async (transaction) => {
        const [rows, meta] = [transaction.objectStore("outbox"), transaction.objectStore("meta")];
        const looked = meta.get(headName(row.account)).then((found) => {
          head = found;
          if (!isSameHead(found, link.from)) transaction.abort();
        });
        await Promise.all([looked, rows.add(row), meta.put(link.to, headName(row.account))]);
      });
    } catch (error) {
      if (isSameHead(head, link.from)) throw error;
      return { kept: false, head };
    }
    return { kept: true };
  },

  // Looks at each numbered row and puts what `changer` makes of it, all in one transaction, so that
  // nobody else changes a row between the look and the put. A row that is gone, or for which `changer`
  // gives undefined, stays as it is. Resolves to the rows that were changed.
  async change(numbers, changer) {
    if (numbers.length === 0) return [];
    return write("outbox", async (store) => {
      const changed = [];
      for (const number of numbers) {
        const row = await store.get(number);
        const next = row && changer(row);
        if (next) {
          await store.put(next);
          changed.push(next);
        }
      }
      return changed;
    });
  },

  async remove(numbers) {
    if (numbers.length === 0) return;
    await write("outbox", (store) => Promise.all(numbers.map((number) => store.delete(number))));
  },
};
