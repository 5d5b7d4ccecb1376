import assert from "node:assert/strict";
import { test } from "node:test";

import { withReceipts } from "../receipts.js";
import { ROSA_ASSIGNMENT, SHEET, checkIn, entry, event } from "./fakes.js";

const AT = "2026-11-24T16:02:03.000Z";

function received(made) {
  return { item: { event: made }, result: "received", receipt: `R-${made.id}`, message: "At home." };
}

test("the newest stands first, with what it is a receipt for", () => {
  const kept = withReceipts([], [received(checkIn("a")), received(entry("2026-11-16", 480, 1, "b"))], AT);

  assert.deepEqual(kept.map(({ id, kind, receipt, received_at: at }) => [id, kind, receipt, at]), [
    ["b", "entry", "R-b", AT],
    ["a", "check-in", "R-a", AT],
  ]);
  assert.deepEqual(kept[0].data, { assignment: undefined, timesheet: SHEET, on: "2026-11-16" });
  assert.equal(kept[1].data.assignment, ROSA_ASSIGNMENT);
});

test("only what was received, and no place beside its tap", () => {
  const place = event("position", { event: "a", unavailable: "denied" }, "p");
  const outcomes = [received(place), { item: { event: checkIn("b") }, result: "refused" }];

  assert.deepEqual(withReceipts([], outcomes, AT), []);
});

test("twenty are kept, and then the oldest goes", () => {
  const many = Array.from({ length: 23 }, (_nothing, index) => received(checkIn(`${index}`)));

  const kept = withReceipts(withReceipts([], many.slice(0, 5), AT), many.slice(5), AT);

  assert.deepEqual([kept.length, kept[0].id, kept.at(-1).id], [20, "22", "3"]);
});
