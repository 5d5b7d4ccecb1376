// Which number does the next event of this phone's key get, what does it say of the one before, and who signs it?
//
// `links` knows where the chain stands: newest(account) gives {number, hash}, or undefined for a new key. This page
// only believes to know it: the transaction that keeps the event has the last word, for another tab may have
// taken the number meanwhile.

import { hashOf, signedText } from "./signed_text.js";

const START = Object.freeze({ number: 0, hash: "" });
const CHAINED = new Set(["check-in", "check-out", "position", "undo"]);

export function createChain({ account, vault, links, anchors }) {
  let newest;

  return {
    // Has at hand what the next tap needs, so that the tap need not ask for it.
    async prepare() {
      newest ??= (await links.newest(account)) ?? START;
    },

    // What the event proves, as {proof, signature, link}; undefined where no key of this phone is enrolled, or
    // for a day's hours, which change until they are sent. `signature` and `link` are promises: the event is
    // sealed meanwhile.
    async prove(event) {
      if (!CHAINED.has(event.kind) || !(await vault.signsFor(account))) return undefined;
      await this.prepare();
      const number = newest.number + 1;
      const proof = { number, previous: newest.hash, ...anchors.known() };
      const text = signedText(account, event, proof);
      const link = hashOf(text).then((hash) => ({ number, hash }));
      return { proof, signature: vault.sign(account, text), link };
    },

    // The event was kept, and is the newest link now.
    grown(link) {
      newest = link;
    },

    // Another tab was first, or the key is gone: where the chain stands must be looked up.
    forget() {
      newest = undefined;
    },
  };
}
