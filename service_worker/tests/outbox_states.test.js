import assert from "node:assert/strict";
import { beforeEach, mock, test } from "node:test";

import { noteProgress, progressOf } from "../../app/static/js/outbox_states.js";
import { checkIn } from "./fakes.js";

const [A, B] = ["a", "b"].map((id) => ({ state: "waiting", event: checkIn(id) }));

beforeEach(() => noteProgress({ type: "ended" }));

test("what was kept is saved, until somebody says that it is on its way", () => {
  noteProgress({ type: "kept", event: A.event });
  assert.equal(progressOf(A), "saved");

  noteProgress({ type: "sending", ids: ["a"] });
  assert.deepEqual([progressOf(A), progressOf(B)], ["sending", "saved"]);
});

test("what was answered and yet waits is saved again, and so is everything when sending has ended", () => {
  noteProgress({ type: "sending", ids: ["a", "b"] });
  noteProgress({ type: "answered", outcomes: [{ item: A, result: "keep" }] });
  assert.deepEqual([progressOf(A), progressOf(B)], ["saved", "sending"]);

  noteProgress({ type: "ended" });
  assert.equal(progressOf(B), "saved");
});

test("a worker that died while it was sending is not believed for ever", () => {
  mock.timers.enable({ apis: ["Date"] });
  noteProgress({ type: "sending", ids: ["a"] });
  mock.timers.tick(36_000);

  assert.equal(progressOf(A), "saved");
  mock.timers.reset();
});

test("what needs a person is no longer on its way", () => {
  noteProgress({ type: "sending", ids: ["a"] });

  for (const state of ["conflict", "refused", "unreadable"]) assert.equal(progressOf({ ...A, state }), state);
});
