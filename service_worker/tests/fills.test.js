// The cases are JSON, so that tests/domain/test_fills.py holds the server to the same ones.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { fill } from "../../app/static/js/fills.js";

const CASES = JSON.parse(readFileSync(new URL("cases/fills.json", import.meta.url), "utf8"));

for (const { name, way, days, known, minutes, expected, refused } of CASES) {
  test(name, () => {
    const { filled, problem } = fill(way, days, known, minutes);

    assert.equal(problem, refused);
    assert.deepEqual(filled, expected);
  });
}
