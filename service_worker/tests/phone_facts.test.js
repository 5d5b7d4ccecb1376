import assert from "node:assert/strict";
import { test } from "node:test";

import { withEvent, withReceipt } from "../phone_facts.js";
import { ROSA_ASSIGNMENT, SHEET, checkIn, entry, event } from "./fakes.js";

const FACTS = {
  account: { id: 7, name: "Ana" },
  cards: [
    { assignment: ROSA_ASSIGNMENT, recipient: "Rosa Delgado", checked_in_at: null },
    { assignment: 13, recipient: "Walter Kim", checked_in_at: "2026-11-24T15:00:00Z" },
  ],
  sheets: [
    {
      id: SHEET,
      days: [
        { on: "2026-11-16", minutes: 480, starts: "08:00", by_hand: false, revision: 3 },
        { on: "2026-11-17", minutes: null, by_hand: false, revision: 0 },
      ],
    },
  ],
};

function checkedIn(facts) {
  return facts.cards.map((card) => card.checked_in_at);
}

test("a check-in and a check-out turn their own card only", () => {
  const tapped = withEvent(FACTS, checkIn("a"));
  const out = withEvent(tapped, event("check-out", { assignment: 13, location: "home" }));

  assert.deepEqual(checkedIn(tapped), ["2026-11-24T16:02:00.000Z", "2026-11-24T15:00:00Z"]);
  assert.deepEqual(checkedIn(out), ["2026-11-24T16:02:00.000Z", null]);
});

test("an undo takes back the check-in that it names, and no other", () => {
  const tapped = withEvent(FACTS, checkIn("a"));

  assert.equal(checkedIn(withEvent(tapped, event("undo", { event: "a" })))[0], null);
  assert.equal(withEvent(tapped, event("undo", { event: "b" })).cards[0].checked_in_event, "a");
});

test("an edit writes its day, and keeps the revision until the receipt brings a new one", () => {
  const edit = entry("2026-11-16", 510, 3);

  const day = (facts) => facts.sheets[0].days[0];
  assert.deepEqual([day(withEvent(FACTS, edit)).minutes, day(withEvent(FACTS, edit)).revision], [510, 3]);
  assert.equal(day(withReceipt(FACTS, edit, { revision: 4 })).revision, 4);
  assert.equal("base" in day(withEvent(FACTS, edit)), false);
});

test("the facts that came from the portal are left as they were", () => {
  const before = structuredClone(FACTS);
  withReceipt(withEvent(FACTS, checkIn("a")), entry("2026-11-16", 510, 3), { revision: 4 });

  assert.deepEqual(FACTS, before);
});

test("a place changes nothing that is shown", () => {
  assert.equal(withEvent(FACTS, event("position", { event: "a", unavailable: "denied" })), FACTS);
});
