// Receipts that the portal signed are genuine, and any change to one is found.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import test from "node:test";

import { canonical, checkReceipt } from "../../app/static/js/signed_receipt.js";

const { keys, files } = JSON.parse(readFileSync(new URL("cases/signed_receipts.json", import.meta.url)));

test("what the portal signed is genuine, however it is written down", async () => {
  for (const file of files) {
    for (const text of [JSON.stringify(file), JSON.stringify(file, null, 4)]) {
      assert.deepEqual(await checkReceipt(text, keys), { outcome: "genuine", content: file.receipt });
    }
  }
});

test("a change anywhere is found", async () => {
  for (const file of files) {
    for (const changed of changesOf(file)) {
      const { outcome } = await checkReceipt(JSON.stringify(changed), keys);
      assert.notEqual(outcome, "genuine", JSON.stringify(changed));
    }
  }
});

test("a key that is not known says nothing", async () => {
  const { outcome } = await checkReceipt(JSON.stringify(files[0]), []);
  assert.equal(outcome, "unknown_key");
});

test("what is no receipt is told apart from a false one", async () => {
  const double = JSON.stringify(files[0]).replace('"what":', '"what":"x","what":');
  for (const text of ["", "{}", "[]", "null", "7", "[[[", "x".repeat(200_000), double]) {
    assert.equal((await checkReceipt(text, keys)).outcome, "unreadable", text.slice(0, 80));
  }
});

test("names are written in order, whatever their order was", () => {
  assert.equal(canonical({ b: [1, null, { d: "é", c: true }], a: "\n" }), '{"a":"\\n","b":[1,null,{"c":true,"d":"é"}]}');
});

// The file with something else in each of its places.
function* changesOf(file) {
  for (const { holder, name } of placesOf(file)) {
    const before = holder[name];
    holder[name] = other(before);
    yield structuredClone(file);
    delete holder[name];
    yield structuredClone(file);
    holder[name] = before;
  }
}

function* placesOf(value) {
  if (value === null || typeof value !== "object") return;
  for (const name of Object.keys(value)) {
    yield { holder: value, name };
    yield* placesOf(value[name]);
  }
}

function other(value) {
  if (typeof value === "string") return value === "" ? "A" : value.slice(0, -2) + (value.at(-2) === "A" ? "B" : "A") + value.at(-1);
  if (typeof value === "number") return value + 1;
  return value === null ? true : null;
}
