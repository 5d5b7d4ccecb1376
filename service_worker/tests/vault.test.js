import assert from "node:assert/strict";
import { test } from "node:test";

import { createVault } from "../vault.js";
import { ANA, MARIA, fakeKeys, verifier } from "./fakes.js";

test("what is sealed opens again, for the same account and purpose only", async () => {
  const vault = createVault(fakeKeys());
  const box = await vault.seal(ANA, "facts", { recipient: "Rosa Delgado" });

  assert.deepEqual(await vault.open(ANA, "facts", box), { recipient: "Rosa Delgado" });
  await assert.rejects(vault.open(ANA, "outbox", box));
  await assert.rejects(vault.open(MARIA, "facts", box));
});

test("a box that was changed does not open", async () => {
  const vault = createVault(fakeKeys());
  const box = await vault.seal(ANA, "facts", { recipient: "Rosa Delgado" });
  new Uint8Array(box.sealed)[3] ^= 1;

  await assert.rejects(vault.open(ANA, "facts", box));
});

test("the same value never looks the same twice, and its text is nowhere in the box", async () => {
  const vault = createVault(fakeKeys());
  const boxes = await Promise.all([1, 2].map(() => vault.seal(ANA, "facts", "Rosa Delgado")));

  assert.notDeepEqual(new Uint8Array(boxes[0].sealed), new Uint8Array(boxes[1].sealed));
  assert.doesNotMatch(Buffer.from(boxes[0].sealed).toString("latin1"), /Rosa/);
});

test("no key can be taken out of the phone", async () => {
  const keys = fakeKeys();
  const vault = createVault(keys);
  await vault.seal(ANA, "facts", 1);
  await vault.publicKey(ANA);
  const { privateKey } = keys.kept.get(`sign:${ANA}`);

  await assert.rejects(crypto.subtle.exportKey("raw", keys.kept.get(`seal:${ANA}`)));
  await assert.rejects(crypto.subtle.exportKey("pkcs8", privateKey));
  await assert.rejects(crypto.subtle.exportKey("jwk", privateKey));
});

test("two tabs that make a key at the same moment end up with the same one", async () => {
  const keys = fakeKeys();
  const [one, other] = [createVault(keys), createVault(keys)];
  const [box, otherBox] = await Promise.all([one.seal(ANA, "facts", 1), other.seal(ANA, "facts", 2)]);

  const later = createVault(keys);

  assert.equal(await later.open(ANA, "facts", box), 1);
  assert.equal(await later.open(ANA, "facts", otherBox), 2);
});

test("a text is signed once the device is enrolled, so that the public key can verify it", async () => {
  const keys = fakeKeys();
  const vault = createVault(keys);
  await vault.publicKey(ANA);
  assert.equal(await vault.sign(ANA, "said"), undefined);
  await vault.enroll(ANA, 31);

  const signature = await vault.sign(ANA, "said");

  const verifies = await verifier(keys);
  assert.equal(Buffer.from(signature, "base64url").length, 64);
  assert.equal(await verifies(signature, "said"), true);
  assert.equal(await verifies(signature, "said otherwise"), false);
});

test("another account on this phone has no say in the signature", async () => {
  const keys = fakeKeys();
  const vault = createVault(keys);
  await vault.publicKey(ANA);
  await vault.enroll(ANA, 31);

  assert.equal(await vault.sign(MARIA, "said"), undefined);
  assert.equal(await vault.signsFor(MARIA), false);
});

test("what was prepared is at hand: a tap asks the database for no key", async () => {
  const keys = fakeKeys();
  const vault = createVault(keys);
  await vault.publicKey(ANA);
  await vault.enroll(ANA, 31);
  await vault.prepare(ANA);
  keys.get = () => assert.fail("The database was asked.");

  await vault.seal(ANA, "outbox", 1);

  assert.notEqual(await vault.sign(ANA, "said"), undefined);
});

test("to look whether an account is known makes no key for it", async () => {
  const keys = fakeKeys();
  const vault = createVault(keys);

  assert.equal(await vault.knows(ANA), false);
  assert.equal(keys.kept.size, 0);
  await vault.seal(ANA, "facts", 1);
  assert.equal(await createVault(keys).knows(ANA), true);
});
