// Who can read what lies on the phone, and who can vouch for it? Two keys an account, neither exportable:
// AES-GCM seals, and the device's P-256 key signs what was tapped (architecture.md 1.3, quality.md A6).
//
// `keys` is where they are kept: get(name), getOrAdd(name, value), which keeps the first of two, and
// remove(names).

const SEALING = { name: "AES-GCM", length: 256 };
const SIGNING = { name: "ECDSA", namedCurve: "P-256" };
const SIGNATURE = { name: "ECDSA", hash: "SHA-256" };

const encoder = new TextEncoder();
const decoder = new TextDecoder();

export function createVault(keys, crypto = globalThis.crypto) {
  const sealingKeys = new Map();

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

  return {
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

    // {device, signature} for an event of an enrolled account; undefined where none is enrolled.
    async sign(account, event) {
      const [device, pair] = await Promise.all([
        keys.get(`device:${account}`),
        keys.get(`sign:${account}`),
      ]);
      if (!device || !pair) return undefined;
      const signed = encoder.encode(canonical(account, event));
      return {
        device,
        signature: base64url(await crypto.subtle.sign(SIGNATURE, pair.privateKey, signed)),
      };
    },

    enrolledDevice(account) {
      return keys.get(`device:${account}`);
    },

    // Destroys the keys of an account: what they sealed is unreadable from now on.
    async remove(account) {
      await keys.remove(["seal", "sign", "device"].map((kind) => `${kind}:${account}`));
      sealingKeys.delete(account);
    },

    // Keys were removed by another page: the copy at hand must not seal what nobody could open again.
    dropKeys(account) {
      sealingKeys.delete(account);
    },
  };
}

// The text that is signed. The server writes the same list with the same separators, which is why
// `data` holds whole numbers and strings only: 34.10 has more than one spelling, "34.10" has one.
export function canonical(account, event) {
  return JSON.stringify([event.id, event.kind, account, event.made_at, event.data]);
}

function bound(account, purpose) {
  return encoder.encode(`carehours/${purpose}/${account}`);
}

export function base64url(buffer) {
  const text = String.fromCharCode(...new Uint8Array(buffer));
  return btoa(text).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
}
