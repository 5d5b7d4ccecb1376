// Where do the rows of the outbox lie? IndexedDB, behind five functions.

import { addTogether, read, write } from "./database.js";
import { linkKey } from "./memory.js";

export const outboxStore = {
  // Every row of every account, oldest first.
  all() {
    return read("outbox", (store) => store.getAll());
  },

  // Adds a row and resolves once it is on the disk.
  add(row) {
    return addTogether([["outbox", row]]);
  },

  // Adds a row as the next link of its account's chain: both are on the disk then, or neither. Resolves to whether
  // it did; it does not where another tab has taken the number.
  async addLinked(row, link) {
    try {
      await addTogether([["outbox", row], ["meta", link, linkKey(row.account, link.number)]]);
      return true;
    } catch (error) {
      if (error.name === "ConstraintError") return false;
      throw error;
    }
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
