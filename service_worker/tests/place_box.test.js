import assert from "node:assert/strict";
import { test } from "node:test";

import { openPlace, readSealTo, sealedPlace } from "../place_box.js";

const ROSAS_HOME = { latitude: 34.0622, longitude: -118.309, accuracy: 12.34 };
const TAP = "9db86c76-d035-4308-8ae2-3813a320d646";
const CURVE = { name: "ECDH", namedCurve: "P-256" };
const P = 2n ** 256n - 2n ** 224n + 2n ** 192n + 2n ** 96n - 1n; // FIPS 186-5: the field of P-256
const B = 0x5ac635d8aa3a93e7b3ebbd55769886bc651d06b0cc53b0f63bce3c3e27d2604bn;

async function portal() {
  const pair = await crypto.subtle.generateKey(CURVE, false, ["deriveBits"]);
  const key = Buffer.from(await crypto.subtle.exportKey("raw", pair.publicKey)).toString("base64url");
  return { sealTo: { version: 3, key }, open: (data) => opened(pair.privateKey, data) };
}

// As the portal does it: the point is unfolded, and the same key comes out of both halves.
async function opened(privateKey, { event, sealed }) {
  const bytes = Buffer.from(sealed, "base64url");
  const point = await crypto.subtle.importKey("raw", unfolded(bytes.subarray(0, 33)), CURVE, false, []);
  const shared = await crypto.subtle.deriveBits({ name: "ECDH", public: point }, privateKey, 256);
  const secret = await crypto.subtle.importKey("raw", shared, "HKDF", false, ["deriveKey"]);
  const info = new TextEncoder().encode(`carehours:position:${event}`);
  const key = await crypto.subtle.deriveKey(
    { name: "HKDF", hash: "SHA-256", salt: new Uint8Array(), info },
    secret,
    { name: "AES-GCM", length: 256 },
    false,
    ["decrypt"],
  );
  const plain = await crypto.subtle.decrypt({ name: "AES-GCM", iv: new Uint8Array(12) }, key, bytes.subarray(33));
  const view = new DataView(plain);
  return [view.getInt32(0) / 1e7, view.getInt32(4) / 1e7, view.getUint32(8) / 100];
}

function unfolded(bytes) {
  const x = BigInt(`0x${bytes.subarray(1).toString("hex")}`);
  const root = power((x ** 3n - 3n * x + B) % P, (P + 1n) / 4n);
  const y = root % 2n === BigInt(bytes[0] & 1) ? root : P - root;
  return Buffer.from(`04${hex(x)}${hex(y)}`, "hex");
}

function power(base, exponent) {
  let [result, square] = [1n, ((base % P) + P) % P];
  for (let left = exponent; left > 0n; left >>= 1n) {
    if (left & 1n) result = (result * square) % P;
    square = (square * square) % P;
  }
  return result;
}

function hex(number) {
  return number.toString(16).padStart(64, "0");
}

test("the portal opens what a phone sealed, whichever half of the curve the point is on", async () => {
  const { sealTo, open } = await portal();
  const halves = new Set();
  for (let turn = 0; turn < 24; turn += 1) {
    const data = await sealedPlace(TAP, ROSAS_HOME, sealTo);
    halves.add(Buffer.from(data.sealed, "base64url")[0]);
    assert.deepEqual(await open(data), [34.0622, -118.309, 12.34]);
  }
  assert.deepEqual([...halves].sort(), [2, 3]);
});

test("it is 61 bytes, says to which key it is sealed and for which tap, and nothing else", async () => {
  const { sealTo } = await portal();
  const data = await sealedPlace(TAP, ROSAS_HOME, sealTo);

  assert.deepEqual([Object.keys(data), data.event, data.key], [["event", "sealed", "key"], TAP, 3]);
  assert.equal(Buffer.from(data.sealed, "base64url").length, 61);
});

test("it opens for no other tap, nor with another key", async () => {
  const [ours, theirs] = [await portal(), await portal()];
  const data = await sealedPlace(TAP, ROSAS_HOME, ours.sealTo);

  await assert.rejects(ours.open({ ...data, event: TAP.replace("9", "8") }));
  await assert.rejects(theirs.open(data));
});

test("the ends of the earth and a hopeless accuracy fit in", async () => {
  const { sealTo, open } = await portal();
  const far = { latitude: -90, longitude: 180, accuracy: 1e12 };

  assert.deepEqual(await open(await sealedPlace(TAP, far, sealTo)), [-90, 180, 42949672.95]);
});

test("without the portal's key it goes as text, written in one way only", () => {
  assert.deepEqual(openPlace(TAP, { latitude: 34.1, longitude: -118.3090001, accuracy: 20 }), {
    event: TAP,
    latitude: "34.100000",
    longitude: "-118.309000",
    accuracy: "20.0",
  });
});

test("a page tells the key as version and point", () => {
  assert.deepEqual(readSealTo("3.BAbc-_"), { version: 3, key: "BAbc-_" });
  for (const odd of [undefined, "", "BAbc", "x.BAbc"]) assert.equal(readSealTo(odd), undefined);
});
