// The cases are JSON, so that tests/domain/test_habits.py holds the server to the same ones.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { questionsOf } from "../../app/static/js/habits.js";

const CASES = JSON.parse(readFileSync(new URL("cases/habits.json", import.meta.url), "utf8"));

for (const { name, habits, days, today, expected } of CASES) {
  test(name, () => {
    const asked = questionsOf(habits, days.map(([on, minutes]) => ({ on, minutes })), today);

    assert.deepEqual(asked.map(({ code, on }) => [code, on]), expected);
  });
}
