// The cases are JSON, so that the Python tests hold the server's rules to the same ones.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, test } from "node:test";

import { asHours, barParts, monthSum, readHours, weekOf, weekSums } from "../../app/static/js/sums.js";

function cases(name) {
  return JSON.parse(readFileSync(new URL(`cases/${name}.json`, import.meta.url), "utf8"));
}

describe("hours as typed", () => {
  for (const { typed, minutes, refused, meant } of cases("hours")) {
    test(`“${typed}” is ${refused ?? minutes}`, () => {
      const read = readHours(typed);

      assert.equal(read.problem, refused);
      assert.equal(read.minutes, minutes);
      if (meant) assert.equal(read.facts.meant, meant);
    });
  }
});

describe("a sheet's sums", () => {
  for (const { name, weeks, month, days, expected } of cases("sums")) {
    test(name, () => {
      const sums = weekSums(weeks, days);

      expected.weeks.forEach((week, index) => {
        for (const [part, minutes] of Object.entries(week)) assert.equal(sums[index][part], minutes, part);
      });
      assert.deepEqual(monthSum(month, days), expected.month);
    });
  }
});

test("minutes are shown as hours and minutes", () => {
  assert.deepEqual([485, 0, 11700, null, undefined].map(asHours), ["8:05", "0:00", "195:00", "", ""]);
});

test("a week begins on its Sunday, across the end of a month and of a year", () => {
  assert.equal(weekOf("2026-11-15"), "2026-11-15");
  assert.equal(weekOf("2026-11-14"), "2026-11-08");
  assert.equal(weekOf("2027-01-01"), "2026-12-27");
  assert.equal(weekOf("2028-02-29"), "2028-02-27");
});

test("the parts of a bar fill it, whether hours are left or over", () => {
  const width = (week) => barParts(week).reduce((sum, [, , share]) => sum + share, 0);

  const under = { worked: 1200, carried: 300, already: 100, total: 1600, limit: 2400 };
  assert.deepEqual(barParts(under), [
    ["carried", 0, 12.5],
    ["already", 12.5, 4.17],
    ["worked", 16.67, 50],
    ["over", 66.67, 0],
  ]);
  const over = { worked: 2400, carried: 300, already: 0, total: 2700, limit: 2400 };
  assert.ok(Math.abs(width(over) - 100) < 0.1);
  assert.deepEqual(barParts({ worked: 0, carried: 0, already: 0, total: 0, limit: null })[2], ["worked", 0, 0]);
});
