import assert from "node:assert/strict";
import { describe, test } from "node:test";

import { createAnchors } from "../anchors.js";
import { createChain } from "../chain.js";
import { createOutbox } from "../outbox.js";
import { hashOf, signedText } from "../signed_text.js";
import { ANA, checkIn, enrolledPhone, entry, event, phoneOf, verifier } from "./fakes.js";

const ANCHOR = "mid2x5kw.anchor";

// Every item's number, signature and hash of the one before must hold.
async function assertChain(items, keys) {
  const verifies = await verifier(keys);
  let previous = "";
  for (const [index, { event: made, proof, signature }] of items.entries()) {
    const text = signedText(ANA, made, proof);
    assert.deepEqual([proof.number, proof.previous], [index + 1, previous]);
    assert.equal(await verifies(signature, text), true);
    previous = await hashOf(text);
  }
}

describe("a tap on an enrolled phone", () => {
  test("is numbered, names the one before and is signed, with the newest time of the portal's", async () => {
    const phone = await enrolledPhone();
    await phone.outbox.put(() => checkIn("a"));
    await phone.anchors.hear(ANCHOR);
    await phone.outbox.put(() => event("position", { event: "a", unavailable: "denied" }, "b"));
    await phone.outbox.put(() => event("undo", { event: "a" }, "c"));
    await phone.outbox.put(() => event("check-out", { assignment: 12, location: "home" }, "d"));

    const items = await phone.outbox.items();

    await assertChain(items, phone.keys);
    assert.deepEqual(
      items.map(({ proof }) => [proof.anchor, proof.since]),
      [["", null], [ANCHOR, 0], [ANCHOR, 0], [ANCHOR, 0]],
    );
  });

  test("is kept without a proof where no key is enrolled, and where the key does not work", async () => {
    const plain = phoneOf();
    await plain.outbox.put(() => checkIn("a"));
    const broken = await enrolledPhone();
    broken.vault.sign = () => Promise.reject(new Error("the key is gone"));
    await broken.outbox.put(() => checkIn("a"));

    for (const { outbox } of [plain, broken]) {
      const [item] = await outbox.items();
      assert.deepEqual([item.event.id, item.proof, item.signature], ["a", undefined, undefined]);
    }
  });

  test("shows nothing of what it proves in the row", async () => {
    const phone = await enrolledPhone();
    await phone.outbox.put(() => checkIn("a"));

    const [row] = await phone.store.all();

    assert.deepEqual(
      Object.keys(row).sort(),
      ["account", "form", "iv", "sealed", "seq", "signature", "state", "tried"],
    );
  });

  test("fails where the phone cannot keep it, and takes no number then", async () => {
    const phone = await enrolledPhone();
    const { addLinked } = phone.store;
    phone.store.addLinked = () => Promise.reject(new DOMException("full", "QuotaExceededError"));
    await assert.rejects(phone.outbox.put(() => checkIn("a")), { name: "QuotaExceededError" });
    phone.store.addLinked = addLinked;

    await phone.outbox.put(() => checkIn("b"));

    const [item] = await phone.outbox.items();
    assert.deepEqual([item.event.id, item.proof.number], ["b", 1]);
  });

  test("keeps its proof when it is refused", async () => {
    const phone = await enrolledPhone();
    await phone.outbox.put(() => checkIn("a"));
    const [item] = await phone.outbox.items();

    await phone.outbox.settle([{ item, result: "refused", message: "Not active." }]);

    const [kept] = await phone.outbox.items();
    assert.deepEqual([kept.state, kept.proof, kept.signature], ["refused", item.proof, item.signature]);
  });
});

test("hours of a day have no place in the chain: they change until they are sent", async () => {
  const phone = await enrolledPhone();
  await phone.outbox.put(() => entry("2026-11-16", 480, 1, "hours"));
  await phone.outbox.put(() => checkIn("tap"));

  const [hours, tap] = await phone.outbox.items();

  assert.equal(hours.proof, undefined);
  assert.equal(tap.proof.number, 1);
});

test("taps at the same moment in one page come one after the other", async () => {
  const phone = await enrolledPhone();

  await Promise.all(["a", "b", "c", "d"].map((id) => phone.outbox.put(() => checkIn(id))));

  const items = await phone.outbox.items();
  assert.deepEqual(items.map((item) => item.event.id), ["a", "b", "c", "d"]);
  await assertChain(items, phone.keys);
});

test("two tabs that take the same number end up with one chain, and lose no tap", async () => {
  const one = await enrolledPhone();
  const other = await enrolledPhone(one);

  for (const turn of [1, 2, 3]) {
    await Promise.all([
      one.outbox.put(() => checkIn(`one ${turn}`)),
      other.outbox.put(() => checkIn(`other ${turn}`)),
      other.outbox.put(() => checkIn(`other again ${turn}`)),
    ]);
  }

  const items = await one.outbox.items();
  assert.equal(items.length, 9);
  await assertChain(items, one.keys);
});

test("a page that is opened later goes on where the chain stands", async () => {
  const first = await enrolledPhone();
  await first.outbox.put(() => checkIn("a"));

  const later = await enrolledPhone(first);
  await later.outbox.put(() => checkIn("b"));

  await assertChain(await later.outbox.items(), first.keys);
});

test("where others are always first, the tap is kept without a proof in the end", async () => {
  const phone = await enrolledPhone();
  phone.store.addLinked = async () => false;

  await phone.outbox.put(() => checkIn("a"));

  const [item] = await phone.outbox.items();
  assert.deepEqual([item.event.id, item.proof], ["a", undefined]);
});

test("a new key begins a new chain", async () => {
  const phone = await enrolledPhone();
  await phone.outbox.put(() => checkIn("a"));
  await phone.vault.remove(ANA);
  phone.store.chains.delete(ANA);
  phone.store.rows.clear();
  phone.chain.forget();

  const again = await enrolledPhone({ ...phone, vault: undefined, anchors: undefined });
  await again.outbox.put(() => checkIn("b"));

  await assertChain(await again.outbox.items(), phone.keys);
});

test("what another release kept is read and sent as it is", async () => {
  const phone = await enrolledPhone();
  const box = await phone.vault.seal(ANA, "outbox", { event: checkIn("of the first release") });
  await phone.store.add({ account: ANA, state: "waiting", tried: 0, form: 1, ...box });
  await phone.outbox.put(() => checkIn("of this one"));

  const [old, fresh] = await phone.outbox.items();

  assert.deepEqual([old.event.id, old.proof], ["of the first release", undefined]);
  assert.equal(fresh.proof.number, 1);
});

test("all that a tap needs is at hand after it was prepared", async () => {
  const { keys, store } = await enrolledPhone();
  const { createVault } = await import("../vault.js");
  const vault = createVault(keys);
  const links = { newest: store.newest };
  const anchors = createAnchors({ get: async () => ANCHOR, put: async () => undefined });
  const chain = createChain({ account: ANA, vault, links, anchors });
  await Promise.all([vault.prepare(ANA), chain.prepare(), anchors.recall()]);
  keys.get = links.newest = () => assert.fail("The database was asked before the write.");

  await createOutbox({ account: ANA, store, vault, chain }).put(() => checkIn("a"));

  assert.equal(store.rows.size, 1);
});
