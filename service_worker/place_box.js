// How does a phone seal where it is, so that only the portal can read it? To the portal's public key, at the
// moment at which it is taken: neither this phone nor whoever finds it can open it again.

import { base64url, bytesOf } from "./signed_text.js";

const CURVE = { name: "ECDH", namedCurve: "P-256" };
const PURPOSE = "carehours:position:";
const NO_NONCE = new Uint8Array(12); // each key seals one position and is thrown away
const DEGREE = 1e7;
const METRE = 100; // centimetres
const MOST = 0xffff_ffff;

const encoder = new TextEncoder();

// The data of a position event. `sealTo` is {version, key}: the portal's P-256 point in base64url.
export async function sealedPlace(tap, { latitude, longitude, accuracy }, sealTo) {
  const theirs = await crypto.subtle.importKey("raw", bytesOf(sealTo.key), CURVE, false, []);
  const once = await crypto.subtle.generateKey(CURVE, false, ["deriveBits"]);
  const [point, shared] = await Promise.all([
    crypto.subtle.exportKey("raw", once.publicKey),
    crypto.subtle.deriveBits({ name: "ECDH", public: theirs }, once.privateKey, 256),
  ]);
  const key = await keyFrom(shared, tap);
  const plain = new DataView(new ArrayBuffer(12));
  plain.setInt32(0, Math.round(latitude * DEGREE));
  plain.setInt32(4, Math.round(longitude * DEGREE));
  plain.setUint32(8, Math.min(Math.round(accuracy * METRE), MOST));
  const box = await crypto.subtle.encrypt({ name: "AES-GCM", iv: NO_NONCE }, key, plain);
  return { event: tap, sealed: base64url(joined(compressed(point), new Uint8Array(box))), key: sealTo.version };
}

// As it goes where the portal's key is not known. Degrees and metres are text: see signed_text.js.
export function openPlace(tap, { latitude, longitude, accuracy }) {
  return {
    event: tap,
    latitude: latitude.toFixed(6),
    longitude: longitude.toFixed(6),
    accuracy: accuracy.toFixed(1),
  };
}

// {version, key} from what a page carries, "version.key"; undefined for anything else.
export function readSealTo(text = "") {
  const [version, key] = text.split(".");
  return Number.isInteger(Number(version)) && key ? { version: Number(version), key } : undefined;
}

async function keyFrom(shared, tap) {
  const secret = await crypto.subtle.importKey("raw", shared, "HKDF", false, ["deriveKey"]);
  const derivation = {
    name: "HKDF",
    hash: "SHA-256",
    salt: new Uint8Array(),
    info: encoder.encode(PURPOSE + tap),
  };
  return crypto.subtle.deriveKey(derivation, secret, { name: "AES-GCM", length: 256 }, false, ["encrypt"]);
}

// WebCrypto gives a point as 04 ‖ x ‖ y; x and whether y is odd say the same in half the bytes.
function compressed(point) {
  const bytes = new Uint8Array(point);
  const isOdd = bytes.at(-1) & 1;
  return joined(Uint8Array.of(2 + isOdd), bytes.subarray(1, 33));
}

function joined(one, other) {
  const both = new Uint8Array(one.length + other.length);
  both.set(one);
  both.set(other, one.length);
  return both;
}
