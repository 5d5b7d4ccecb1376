import assert from "node:assert/strict";
import { test } from "node:test";

import { createAnchors } from "../anchors.js";

const [OLDER, NEWER] = ["mid2x5kw.older", "mid2x5zz.newer"];

function fakeKept(anchor) {
  return { anchor, get: async () => anchor, put: async (one) => void (anchor = one) };
}

function stopped(at = 5_000) {
  const clock = () => clock.at;
  clock.at = at;
  return clock;
}

test("nothing is known before anything was heard", () => {
  assert.deepEqual(createAnchors(fakeKept(), stopped()).known(), { anchor: "", since: null });
});

test("what is heard here is known with the whole seconds since", async () => {
  const clock = stopped();
  const anchors = createAnchors(fakeKept(), clock);
  await anchors.hear(OLDER);
  clock.at += 61_900;

  assert.deepEqual(anchors.known(), { anchor: OLDER, since: 61 });
});

test("what an earlier page heard is known without its seconds, which were another clock's", async () => {
  const anchors = createAnchors(fakeKept(OLDER), stopped());
  await anchors.recall();

  assert.deepEqual(anchors.known(), { anchor: OLDER, since: null });
});

test("an older time never takes the place of a newer one, whoever tells it", async () => {
  const anchors = createAnchors(fakeKept(OLDER), stopped());
  await anchors.hear(NEWER);
  await anchors.hear(OLDER);
  await anchors.recall();

  assert.deepEqual(anchors.known(), { anchor: NEWER, since: 0 });
});

test("a newer time that another page heard takes the place of ours", async () => {
  const kept = fakeKept();
  const anchors = createAnchors(kept, stopped());
  await anchors.hear(OLDER);
  await kept.put(NEWER);
  await anchors.recall();

  assert.deepEqual(anchors.known(), { anchor: NEWER, since: null });
});

test("the portal of an earlier release tells none, and that is no news", async () => {
  const anchors = createAnchors(fakeKept(), stopped());
  for (const odd of [undefined, null, "", 7, "!.x"]) await anchors.hear(odd);

  assert.equal(anchors.known().anchor, "");
});
