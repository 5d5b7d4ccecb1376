// Which number does the next event of this phone's key get, what does it say of the one before, and who signs it?
//
// `heads` keeps where the chain stands: get(account) gives {number, hash}, or undefined for a new key. This page
// only believes to know it: the transaction that keeps the event has the last word, for another tab may have
// taken the number meanwhile.

import { hashOf, signedText } from "./signed_text.js";

const START = Object.freeze({ number: 0, hash: "" });
const CHAINED = new Set(["check-in", "check-out", "position", "undo"]);

export function createChain({ account, vault, heads, anchors }) {
  let head;

  return {
    // Has at hand what the next tap needs, so that the tap need not ask for it.
    async prepare() {
      head ??= (await heads.get(account)) ?? START;
    },

    // What the event proves, as {proof, signature, link}; undefined where no key of this phone is enrolled, or
    // for a day's hours, which change until they are sent. `signature` and `link` are promises: the event is
    // sealed meanwhile.
    async prove(event) {
      if (!CHAINED.has(event.kind) || !(await vault.signsFor(account))) return undefined;
      await this.prepare();
      const from = head;
      const proof = { number: from.number + 1, previous: from.hash, ...anchors.known() };
      const text = signedText(account, event, proof);
      const link = hashOf(text).then((hash) => ({ from, to: { number: proof.number, hash } }));
      return { proof, signature: vault.sign(account, text), link };
    },

    // Where the chain stands now: after an event was kept, or as the database had it.
    stands(at) {
      head = at ?? START;
    },

    // The key is gone, and its chain with it.
    forget() {
      head = undefined;
    },
  };
}

export function isSameHead(one, other) {
  return (one?.number ?? 0) === (other?.number ?? 0) && (one?.hash ?? "") === (other?.hash ?? "");
}
