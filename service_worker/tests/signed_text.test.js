import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { test } from "node:test";

import { base64url, bytesOf, hashOf, signedText } from "../signed_text.js";
import { ANA, checkIn, entry } from "./fakes.js";

test("hours are signed as they always were", () => {
  assert.equal(
    signedText(ANA, entry("2026-11-16", 480, 3, "e-1")),
    '["e-1","entry",7,"2026-11-24T16:02:00.000Z",{"timesheet":5,"on":"2026-11-16","base":3,"minutes":480,"starts":null,"ends":null,"location":null}]',
  );
});

test("a tap says in the same text what it proves", () => {
  const proof = { number: 4, previous: "h".repeat(43), anchor: "mid2x5kw.abc", since: null };

  assert.equal(
    signedText(ANA, checkIn("a"), proof),
    `["a","check-in",7,"2026-11-24T16:02:00.000Z",{"assignment":12,"location":"home"},[4,"${"h".repeat(43)}","mid2x5kw.abc",null]]`,
  );
});

test("the hash is SHA-256 over the UTF-8 bytes, in base64url", async () => {
  const text = signedText(ANA, checkIn("ñ"));

  assert.equal(await hashOf(text), createHash("sha256").update(text, "utf8").digest("base64url"));
  assert.equal((await hashOf(text)).length, 43);
});

test("base64url comes back as the bytes that went in", () => {
  const bytes = Uint8Array.from({ length: 256 }, (_nothing, index) => index);

  assert.deepEqual(bytesOf(base64url(bytes)), bytes);
  assert.doesNotMatch(base64url(bytes), /[+/=]/);
});
