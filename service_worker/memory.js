// What does the phone remember beside the outbox? Its keys, whose phone this is, who is signed in, the facts that
// the cards and the sheet need offline, and the last receipts. Names, facts and receipts are sealed.

import { timeOf } from "./anchors.js";
import { read, write } from "./database.js";
import { withReceipts } from "./receipts.js";

export const keyStore = {
  get(name) {
    return read("keys", (store) => store.get(name));
  },

  put(name, value) {
    return write("keys", (store) => store.put(value, name));
  },

  remove(names) {
    return write("keys", (store) => Promise.all(names.map((name) => store.delete(name))));
  },

  // Two tabs may make a key at the same moment; what the second one then sealed would be lost with it.
  getOrAdd(name, value) {
    return write("keys", async (store) => {
      const first = await store.get(name);
      if (first !== undefined) return first;
      await store.put(value, name);
      return value;
    });
  },
};

// Under which key a link of an account's chain lies. All links stay, each a number and a hash, so that no two tabs
// can take the same number, however long one of them slept.
export function linkKey(account, number) {
  return ["chain", account, number];
}

function linksOf(account) {
  return IDBKeyRange.bound(linkKey(account, 0), linkKey(account, Infinity));
}

export const links = {
  // The newest link, {number, hash}; undefined for a new key.
  async newest(account) {
    return read("meta", async (store) => (await store.openCursor(linksOf(account), "prev"))?.value);
  },
};

export const keptAnchor = {
  get() {
    return read("meta", (store) => store.get("anchor"));
  },

  // Another page may have heard a newer one.
  put(anchor) {
    return write("meta", async (store) => {
      const known = (await store.get("anchor")) ?? "";
      if (timeOf(anchor) > timeOf(known)) await store.put(anchor, "anchor");
    });
  },
};

export function createMemory(vault) {
  return {
    // Who is signed in, as the last page from the portal said: an account id, or null for nobody. The
    // worker, which sees no page, sends under this account only (shared phones).
    async signedIn() {
      return (await read("meta", (store) => store.get("signed-in"))) ?? null;
    },

    async noteSignedIn(account) {
      if ((await this.signedIn()) === account) return;
      await write("meta", (store) => store.put(account, "signed-in"));
    },

    // The account last used here that works offline, as {account, name}; undefined where there is none.
    async person() {
      const box = await read("meta", (store) => store.get("person"));
      if (!box) return undefined;
      return { account: box.account, name: await vault.open(box.account, "name", box) };
    },

    async notePerson(account, name) {
      const known = await this.person().catch(() => undefined);
      if (known?.account === account && known.name === name) return;
      const box = { account, ...(await vault.seal(account, "name", name)) };
      await write("meta", (store) => store.put(box, "person"));
    },

    async facts(account) {
      const box = await read("facts", (store) => store.get(account));
      return box && vault.open(account, "facts", box);
    },

    async noteFacts(account, facts) {
      const box = await vault.seal(account, "facts", facts);
      await write("facts", (store) => store.put(box, account));
    },

    // The last receipts, newest first: see receipts.js.
    async receipts(account) {
      const box = await read("facts", (store) => store.get(receiptsName(account)));
      return box ? vault.open(account, "receipts", box) : [];
    },

    async noteReceipts(account, outcomes, at) {
      const known = await this.receipts(account).catch(() => []);
      const box = await vault.seal(account, "receipts", withReceipts(known, outcomes, at));
      await write("facts", (store) => store.put(box, receiptsName(account)));
    },

    // To which key of the portal's positions are sealed, {version, key}; undefined until it was heard.
    async sealTo() {
      return read("meta", (store) => store.get("seal-to"));
    },

    async noteSealTo(sealTo) {
      if ((await this.sealTo())?.key === sealTo.key) return;
      await write("meta", (store) => store.put(sealTo, "seal-to"));
    },

    // Since when this phone is known to have lost what it kept; undefined where it has not, or was told so.
    async lostAt() {
      return read("meta", (store) => store.get("lost"));
    },

    async noteLost(at) {
      await write("meta", (store) => (at ? store.put(at, "lost") : store.delete("lost")));
    },

    // Somebody leaves this phone for good: her facts and her name go, and nobody is taken for her. A key that is
    // made later begins a chain of its own.
    async remove(account) {
      await removeFacts(account);
      await write("meta", async (store) => {
        await store.delete(linksOf(account));
        if ((await store.get("person"))?.account === account) await store.delete("person");
        if ((await store.get("signed-in")) === account) await store.delete("signed-in");
      });
    },

    // At sign-out: what the cards and the sheet showed goes. The outbox and the keys stay, for what waits
    // must still be sent.
    async forget(account) {
      await removeFacts(account);
      await write("meta", (store) => store.delete("person"));
    },
  };
}

function removeFacts(account) {
  const names = [account, receiptsName(account)];
  return write("facts", (store) => Promise.all(names.map((name) => store.delete(name))));
}

function receiptsName(account) {
  return `receipts:${account}`;
}
