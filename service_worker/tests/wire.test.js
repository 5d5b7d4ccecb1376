import assert from "node:assert/strict";
import { test } from "node:test";
import { gunzipSync } from "node:zlib";

import { hashOf, signedText } from "../signed_text.js";
import { packed, slim } from "../wire.js";
import { ANA, DEVICE, MARIA, enrolledPhone, entry, event } from "./fakes.js";

const ANCHOR = "mid2x5kw.0123456789abcdefABCDEF";

async function batchOf(count) {
  const phone = await enrolledPhone();
  await phone.anchors.hear(ANCHOR);
  for (let turn = 0; turn < count; turn += 1) {
    const kind = turn % 2 ? "check-out" : "check-in";
    await phone.outbox.put(() => event(kind, { assignment: 12, location: "home" }, crypto.randomUUID()));
  }
  const items = await phone.outbox.items();
  return items.map(({ event: made, ...rest }) => ({
    ...made,
    account: ANA,
    device: DEVICE,
    signature: rest.signature,
    proof: rest.proof,
  }));
}

test("what the item before tells already is left out, and the portal can put it back", async () => {
  const items = await batchOf(4);

  const [first, ...others] = slim(items);

  assert.deepEqual(first.proof, items[0].proof);
  let before = items[0];
  for (const [index, { proof }] of others.entries()) {
    assert.deepEqual(Object.keys(proof), ["number", "since"]);
    const previous = await hashOf(signedText(ANA, before, before.proof));
    assert.equal(items[index + 1].proof.previous, previous);
    before = items[index + 1];
  }
});

test("the last of a run signs for those before it", async () => {
  const [a, b, c, d] = await batchOf(4);

  assert.deepEqual(slim([a, b, c, d]).map((item) => "signature" in item), [false, false, false, true]);
  assert.deepEqual(slim([a, b, d]).map((item) => item.signature), [undefined, b.signature, d.signature]);
});

test("it is told where the item before is no predecessor, knew another time, or is somebody else's", async () => {
  const [a, b, c, d] = await batchOf(4);
  const hours = { ...entry("2026-11-16", 480, 1), account: ANA, device: null, signature: null };
  const later = { ...c, proof: { ...c.proof, anchor: "mid2x5zz.later" } };

  assert.deepEqual(slim([a, c])[1].proof.previous, c.proof.previous);
  assert.deepEqual(slim([a, hours, b]), [a, hours, b]);
  assert.deepEqual(Object.keys(slim([b, later])[1].proof), ["number", "since", "anchor"]);
  assert.deepEqual(slim([{ ...c, account: MARIA }, d])[1], d);
});

test("the items at hand stay as they were: they may be sent again", async () => {
  const items = await batchOf(2);
  const before = structuredClone(items);
  slim(items);

  assert.deepEqual(items, before);
});

test("a batch is packed, and comes out as it went in", async () => {
  const text = JSON.stringify(slim(await batchOf(50)));

  const { body, headers } = await packed(text);

  assert.deepEqual(headers, { "Content-Encoding": "gzip" });
  assert.equal(gunzipSync(Buffer.from(body)).toString(), text);
  assert.ok(body.byteLength / 50 < 80, `${body.byteLength / 50} bytes an event`);
});

test("what is short goes as it is, and so does everything in a browser that cannot pack", async () => {
  const short = JSON.stringify([{ id: "a" }]);
  assert.deepEqual(await packed(short), { body: short, headers: {} });

  const { CompressionStream } = globalThis;
  delete globalThis.CompressionStream;
  const long = "x".repeat(2_000);
  assert.deepEqual(await packed(long), { body: long, headers: {} });
  globalThis.CompressionStream = CompressionStream;
});
