import assert from "node:assert/strict";
import { describe, test } from "node:test";

import { nextBatch, placement } from "../outbox.js";
import { ANA, MARIA, checkIn, entry, event, phoneOf } from "./fakes.js";

const MONDAY = "2026-11-16";
const TUESDAY = "2026-11-17";

function waiting(seq, made, tried = 0) {
  return { seq, state: "waiting", tried, event: made };
}

describe("keeping", () => {
  test("what is kept comes back in the order in which it was kept", async () => {
    const { outbox } = phoneOf();
    for (const id of ["a", "b", "c"]) await outbox.put(() => checkIn(id));

    const items = await outbox.items();

    assert.deepEqual(items.map((item) => item.event.id), ["a", "b", "c"]);
    assert.ok(items.every((item) => item.state === "waiting" && item.tried === 0));
  });

  test("nothing about a person lies open in a row", async () => {
    const { outbox, store } = phoneOf();
    await outbox.put(() => entry(MONDAY, 480, 1, "a"));

    const [row] = await store.all();

    assert.deepEqual(Object.keys(row).sort(), ["account", "form", "iv", "sealed", "seq", "state", "tried"]);
    assert.doesNotMatch(Buffer.from(row.sealed).toString("latin1"), /2026|entry|480/);
  });

  test("a phone that cannot keep it says so by throwing", async () => {
    const { outbox, store } = phoneOf();
    store.add = async () => {
      throw new DOMException("full", "QuotaExceededError");
    };

    await assert.rejects(outbox.put(() => checkIn("a")), { name: "QuotaExceededError" });
    assert.deepEqual(await outbox.items(), []);
  });

  test("each account sees its own items only", async () => {
    const ana = phoneOf(ANA);
    const maria = phoneOf(MARIA, ana);
    await ana.outbox.put(() => checkIn("a"));

    assert.equal((await ana.outbox.items()).length, 1);
    assert.deepEqual(await maria.outbox.items(), []);
  });

  test("a row that cannot be opened any more stays, and is neither sent nor lost", async () => {
    const { outbox, store } = phoneOf();
    await outbox.put(() => checkIn("a"));
    const [row] = await store.all();
    await store.change([row.seq], () => ({ ...row, sealed: new ArrayBuffer(40) }));

    const items = await outbox.items();

    assert.equal(items[0].state, "unreadable");
    assert.deepEqual(nextBatch(items), []);
  });
});

describe("editing the same day again", () => {
  test("an edit that was never sent is replaced, and keeps the revision from which it began", async () => {
    const { outbox } = phoneOf();
    await outbox.put(() => entry(MONDAY, 480, 3, "first"));
    await outbox.put(() => entry(TUESDAY, 300, 1, "other day"));

    const kept = await outbox.put(() => entry(MONDAY, 510, 3, "second"));

    const items = await outbox.items();
    assert.deepEqual(items.map((item) => item.event.id), ["second", "other day"]);
    assert.equal(kept.data.base, 3);
    assert.equal(items[0].event.data.minutes, 510);
  });

  test("an edit that may have reached the portal is never changed; the new one follows it", async () => {
    const { outbox } = phoneOf();
    await outbox.put(() => entry(MONDAY, 480, 3, "first"));
    await outbox.begin(await outbox.items());

    await outbox.put(() => entry(MONDAY, 510, 3, "second"));

    const items = await outbox.items();
    assert.deepEqual(items.map((item) => item.event.id), ["first", "second"]);
    assert.equal(items[0].event.data.minutes, 480);
  });

  test("sending may begin between the look and the change: then the new edit follows", async () => {
    const { outbox, store } = phoneOf();
    await outbox.put(() => entry(MONDAY, 480, 3, "first"));
    const change = store.change;
    store.change = async (numbers, changer) => {
      store.change = change;
      await change([1], (row) => ({ ...row, tried: 1 }));
      return change(numbers, changer);
    };

    await outbox.put(() => entry(MONDAY, 510, 3, "second"));

    assert.deepEqual((await outbox.items()).map((item) => item.event.id), ["first", "second"]);
  });

  test("a new edit stands for the one in conflict and builds on what the portal has", () => {
    const conflict = {
      seq: 1,
      state: "conflict",
      tried: 1,
      event: entry(MONDAY, 480, 3),
      answer: { theirs: { minutes: 420, revision: 8 } },
    };

    const place = placement(entry(MONDAY, 500, 3), [conflict]);

    assert.equal(place.event.data.base, 8);
    assert.deepEqual(place.superseded, [1]);
  });

  test("a new edit stands for the one that was refused", () => {
    const refused = { seq: 4, state: "refused", tried: 1, event: entry(MONDAY, 1500, 3), answer: {} };

    const place = placement(entry(MONDAY, 500, 3), [refused]);

    assert.deepEqual([place.event.data.base, place.superseded, place.instead], [3, [4], []]);
  });

  test("taps are never merged", () => {
    const place = placement(checkIn("b"), [waiting(1, checkIn("a"))]);

    assert.deepEqual([place.instead, place.superseded], [[], []]);
  });
});

describe("what is sent next", () => {
  test("everything that waits, in order, and no more than fits", () => {
    const items = Array.from({ length: 7 }, (_nothing, index) => waiting(index + 1, checkIn()));

    assert.deepEqual(nextBatch(items, { most: 5 }).map((item) => item.seq), [1, 2, 3, 4, 5]);
    assert.deepEqual(nextBatch(items, { after: 5 }).map((item) => item.seq), [6, 7]);
  });

  test("not what was refused or is in conflict: a person looks at that first", () => {
    const items = [
      { ...waiting(1, checkIn()), state: "refused" },
      { ...waiting(2, entry(MONDAY, 480, 1)), state: "conflict" },
      waiting(3, checkIn()),
    ];

    assert.deepEqual(nextBatch(items).map((item) => item.seq), [3]);
  });

  test("one edit of a day at a time, for the second builds on the first's receipt", () => {
    const items = [
      waiting(1, entry(MONDAY, 480, 1)),
      waiting(2, entry(TUESDAY, 480, 1)),
      waiting(3, entry(MONDAY, 500, 1)),
      waiting(4, checkIn()),
    ];

    assert.deepEqual(nextBatch(items).map((item) => item.seq), [1, 2]);
  });

  test("nothing that speaks of an event which was kept back", () => {
    const items = [
      waiting(1, checkIn("tap"), 1),
      waiting(2, event("position", { event: "tap", unavailable: "denied" })),
      waiting(3, event("undo", { event: "tap" })),
      waiting(4, checkIn("another")),
    ];

    assert.deepEqual(nextBatch(items, { after: 1 }).map((item) => item.seq), [4]);
  });

  test("no later edit of a day whose earlier edit was kept back", () => {
    const items = [waiting(1, entry(MONDAY, 480, 1), 1), waiting(2, entry(MONDAY, 500, 1))];

    assert.deepEqual(nextBatch(items, { after: 1 }), []);
  });
});

describe("settling", () => {
  test("a receipt drops the item; a conflict and a refusal stay with their words", async () => {
    const { outbox } = phoneOf();
    for (const id of ["a", "b", "c"]) await outbox.put(() => checkIn(id));
    const [a, b, c] = await outbox.items();

    await outbox.settle([
      { item: a, result: "received", receipt: "R-1" },
      { item: b, result: "refused", code: "NOT_ACTIVE", message: "Not active." },
      { item: c, result: "conflict", theirs: { revision: 2 } },
    ]);

    const items = await outbox.items();
    assert.deepEqual(
      items.map((item) => [item.event.id, item.state]),
      [["b", "refused"], ["c", "conflict"]],
    );
    assert.equal(items[0].answer.message, "Not active.");
    assert.equal(items[1].answer.theirs.revision, 2);
  });

  test("an edit that waits behind a received one is rebased onto its receipt", async () => {
    const { outbox } = phoneOf();
    await outbox.put(() => entry(MONDAY, 480, 3, "first"));
    const [sent] = await outbox.begin(await outbox.items());
    await outbox.put(() => entry(MONDAY, 510, 3, "second"));

    await outbox.settle([{ item: sent, result: "received", receipt: "R-1", facts: { revision: 4 } }]);

    const [left] = await outbox.items();
    assert.deepEqual([left.event.id, left.event.data.base], ["second", 4]);
  });

  test("keep changes nothing", async () => {
    const { outbox } = phoneOf();
    await outbox.put(() => checkIn("a"));
    const [item] = await outbox.begin(await outbox.items());

    await outbox.settle([{ item, result: "keep" }]);

    assert.deepEqual(await outbox.items(), [item]);
  });
});
