// Which text does a phone sign, and how does the next event name this one? The server writes the same text, and
// takes the same hash of it (docs/offline.md §10).

const encoder = new TextEncoder();

// `data` holds whole numbers and strings only: 34.10 has more than one spelling, "34.10" has one. An event that
// was signed at the tap says in the same text what it proves.
export function signedText(account, event, proof) {
  const said = [event.id, event.kind, account, event.made_at, event.data];
  if (proof) said.push([proof.number, proof.previous, proof.anchor, proof.since]);
  return JSON.stringify(said);
}

// SHA-256 of a text, as base64url: what the next event of the chain says of this one.
export async function hashOf(text) {
  return base64url(await crypto.subtle.digest("SHA-256", encoder.encode(text)));
}

export function base64url(buffer) {
  const text = String.fromCharCode(...new Uint8Array(buffer));
  return btoa(text).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
}

export function bytesOf(text) {
  const plain = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
  return Uint8Array.from(plain, (character) => character.charCodeAt(0));
}
