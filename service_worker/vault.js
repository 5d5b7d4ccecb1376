// Who can read what lies on the phone, and who can vouch for it? Two keys an account, neither exportable:
// AES-GCM seals, and the device's P-256 key signs what was tapped (architecture.md 1.3, quality.md A6).
//
// `keys` is where they are kept: get(name), put(name, value), getOrAdd(name, value), which keeps the first of
// two, and remove(names).

import { base64url } from "./signed_text.js";

const SEALING = { name: "AES-GCM", length: 256 };
const SIGNING = { name: "ECDSA", namedCurve: "P-256" };
const SIGNATURE = { name: "ECDSA", hash: "SHA-256" };

const encoder = new TextEncoder();
const decoder = new TextDecoder();

export function createVault(keys, crypto = globalThis.crypto) {
  const sealingKeys = new Map();
  const signingPairs = new Map(); // of enrolled accounts: a tap must not wait for the database to find them

  async function sealingKey(account) {
    if (!sealingKeys.has(account)) sealingKeys.set(account, await findSealingKey(`seal:${account}`));
    return sealingKeys.get(account);
  }

  async function findSealingKey(name) {
    const known = await keys.get(name);
    if (known) return known;
    const made = await crypto.subtle.generateKey(SEALING, false, ["encrypt", "decrypt"]);
    return keys.getOrAdd(name, made);
  }

  // Undefined where no key of this phone is enrolled for the account.
  async function signingPair(account) {
    if (!signingPairs.has(account)) {
      const [device, pair] = await Promise.all([keys.get(`device:${account}`), keys.get(`sign:${account}`)]);
      if (!device || !pair) return undefined;
      signingPairs.set(account, pair);
    }
    return signingPairs.get(account);
  }

  return {
    // Has the keys of an account at hand, so that the next tap need not look for them.
    async prepare(account) {
      await Promise.all([sealingKey(account), signingPair(account)]);
    },

    // The value as {iv, sealed}. `purpose` and account are bound in: a box opens only as what it is.
    async seal(account, purpose, value) {
      const iv = crypto.getRandomValues(new Uint8Array(12));
      const sealed = await crypto.subtle.encrypt(
        { name: "AES-GCM", iv, additionalData: bound(account, purpose) },
        await sealingKey(account),
        encoder.encode(JSON.stringify(value)),
      );
      return { iv, sealed };
    },

    // Throws where the box was sealed for another account or purpose, or was changed.
    async open(account, purpose, box) {
      const text = await crypto.subtle.decrypt(
        { name: "AES-GCM", iv: box.iv, additionalData: bound(account, purpose) },
        await sealingKey(account),
        box.sealed,
      );
      return JSON.parse(decoder.decode(text));
    },

    // Does this phone know the account? A look that makes no key.
    async knows(account) {
      return sealingKeys.has(account) || (await keys.get(`seal:${account}`)) !== undefined;
    },

    // The public half of this account's key on this phone (base64url SPKI), made at the first call.
    async publicKey(account) {
      const name = `sign:${account}`;
      let pair = await keys.get(name);
      if (!pair) {
        const made = await crypto.subtle.generateKey(SIGNING, false, ["sign", "verify"]);
        pair = await keys.getOrAdd(name, made);
      }
      return base64url(await crypto.subtle.exportKey("spki", pair.publicKey));
    },

    // The portal knows the key from now on, as that of this device.
    async enroll(account, device) {
      await keys.put(`device:${account}`, device);
    },

    enrolledDevice(account) {
      return keys.get(`device:${account}`);
    },

    async signsFor(account) {
      return (await signingPair(account)) !== undefined;
    },

    // The signature of a text by an enrolled account's key, base64url; undefined where none is enrolled.
    async sign(account, text) {
      const pair = await signingPair(account);
      return pair && base64url(await crypto.subtle.sign(SIGNATURE, pair.privateKey, encoder.encode(text)));
    },

    // Destroys the keys of an account: what they sealed is unreadable from now on.
    async remove(account) {
      await keys.remove(["seal", "sign", "device"].map((kind) => `${kind}:${account}`));
      this.dropKeys(account);
    },

    // Keys were removed by another page: the copy at hand must not seal what nobody could open again.
    dropKeys(account) {
      sealingKeys.delete(account);
      signingPairs.delete(account);
    },

    dropAllKeys() {
      sealingKeys.clear();
      signingPairs.clear();
    },
  };
}

function bound(account, purpose) {
  return encoder.encode(`carehours/${purpose}/${account}`);
}
