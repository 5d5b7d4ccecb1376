// Is a receipt's file genuine? Checked by WebCrypto with the portal's public keys; nothing leaves this device.

const FORMAT = "carehours-receipt-1";
const FIELDS = ["format", "key", "receipt", "signature"];
const ECDSA = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" };
const LONGEST = 100_000; // characters

// What became of a file, as {outcome, content}: "genuine" with its content, "not_genuine", "unknown_key",
// "unreadable". `keys` are public keys as JSON Web Keys.
export async function checkReceipt(text, keys) {
  const file = read(text);
  if (!file) return { outcome: "unreadable" };
  const { signature, ...signed } = file;
  const key = keys.find(({ kid }) => kid === file.key);
  if (!key) return { outcome: "unknown_key" };
  const isGenuine = await verify(key, signature, canonical(signed)).catch(() => false);
  return isGenuine ? { outcome: "genuine", content: file.receipt } : { outcome: "not_genuine" };
}

// The one way of writing a value down that is signed: names in order, no blanks, as the portal does it.
export function canonical(value) {
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  if (value === null || typeof value !== "object") return JSON.stringify(value);
  const parts = Object.keys(value)
    .sort()
    .map((name) => `${JSON.stringify(name)}:${canonical(value[name])}`);
  return `{${parts.join(",")}}`;
}

function read(text) {
  try {
    if (text.length > LONGEST) return undefined;
    const file = JSON.parse(text);
    const isWhole = FIELDS.every((name) => name in file) && Object.keys(file).length === FIELDS.length;
    const isOurs = isWhole && file.format === FORMAT && isText(file.key) && isText(file.signature);
    return isOurs && isObject(file.receipt) && !hasDoubles(text, file) ? file : undefined;
  } catch {
    return undefined;
  }
}

// A name that stands twice would say one thing here and another elsewhere: JSON.parse keeps the last and
// drops the other, so that fewer names are left than were written.
function hasDoubles(text, file) {
  const withoutText = text.replace(/"(?:[^"\\]|\\.)*"(\s*:)?/g, (_whole, colon) => (colon ? ":" : ""));
  return withoutText.split(":").length - 1 !== namesIn(file);
}

function namesIn(value) {
  if (value === null || typeof value !== "object") return 0;
  const inner = Object.values(value).reduce((sum, part) => sum + namesIn(part), 0);
  return inner + (Array.isArray(value) ? 0 : Object.keys(value).length);
}

async function verify({ kty, crv, x, y }, signature, text) {
  const bytes = fromBase64(signature);
  if (toBase64(bytes) !== signature) return false;
  const key = await crypto.subtle.importKey("jwk", { kty, crv, x, y }, ECDSA, false, ["verify"]);
  return crypto.subtle.verify(ECDSA, key, bytes, new TextEncoder().encode(text));
}

function fromBase64(text) {
  const letters = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
  return Uint8Array.from(letters, (letter) => letter.charCodeAt(0));
}

function toBase64(bytes) {
  const text = btoa(String.fromCharCode(...bytes));
  return text.replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

const isText = (value) => typeof value === "string";
const isObject = (value) => typeof value === "object" && value !== null && !Array.isArray(value);
