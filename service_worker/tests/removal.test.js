import assert from "node:assert/strict";
import { test } from "node:test";

import { createOutbox } from "../outbox.js";
import { removeAccount } from "../removal.js";
import { createVault } from "../vault.js";
import { ANA, MARIA, checkIn, fakeKeys, fakeMemory, fakeStore } from "./fakes.js";

async function phoneOfTwo() {
  const [store, keys] = [fakeStore(), fakeKeys()];
  const vault = createVault(keys);
  const memory = fakeMemory(vault);
  for (const account of [ANA, MARIA]) {
    await createOutbox({ account, store, vault }).put(() => checkIn(`of ${account}`));
    await memory.noteFacts(account, { cards: [] });
    await vault.publicKey(account);
    await vault.enroll(account, 70 + account);
  }
  return { store, keys, vault, memory };
}

test("nothing of hers is left, and nothing of anybody else is touched", async () => {
  const { store, keys, vault, memory } = await phoneOfTwo();

  await removeAccount(ANA, { store, memory, vault });

  const names = [...keys.kept.keys()].sort();
  assert.deepEqual(names, [`device:${MARIA}`, `seal:${MARIA}`, `sign:${MARIA}`]);
  assert.deepEqual([...memory.facts.keys()], [MARIA]);
  assert.deepEqual((await store.all()).map((row) => row.account), [MARIA]);
  const [item] = await createOutbox({ account: MARIA, store, vault }).items();
  assert.equal(item.event.id, `of ${MARIA}`);
});

test("an enrolled key signs nothing any more", async () => {
  const { store, vault, memory } = await phoneOfTwo();
  await removeAccount(ANA, { store, memory, vault });

  assert.equal(await vault.enrolledDevice(ANA), undefined);
  assert.equal(await vault.sign(ANA, "later"), undefined);
  assert.notEqual(await vault.sign(MARIA, "later"), undefined);
});

test("when she comes back, what is sealed then can be opened by every page", async () => {
  const { store, keys, vault, memory } = await phoneOfTwo();
  const worker = createVault(keys);
  await worker.seal(ANA, "facts", 1); // it holds her old key at hand
  await removeAccount(ANA, { store, memory, vault });
  worker.dropKeys(ANA); // as it is told

  const box = await vault.seal(ANA, "facts", { again: true });

  assert.deepEqual(await worker.open(ANA, "facts", box), { again: true });
  const other = await worker.seal(ANA, "facts", 2);
  assert.equal(await vault.open(ANA, "facts", other), 2);
});

test("what was sealed before stays unreadable, even where a copy of it was kept", async () => {
  const { store, vault, memory } = await phoneOfTwo();
  const box = await vault.seal(ANA, "facts", "Rosa Delgado");
  await removeAccount(ANA, { store, memory, vault });

  await assert.rejects(vault.open(ANA, "facts", box));
});

test("were it to stop half-way, what is left is still sealed by a key that is there", async () => {
  const { store, keys, vault, memory } = await phoneOfTwo();
  memory.remove = () => Promise.reject(new Error("the disk is gone"));

  await assert.rejects(removeAccount(ANA, { store, memory, vault }));

  assert.ok(keys.kept.has(`seal:${ANA}`));
});
