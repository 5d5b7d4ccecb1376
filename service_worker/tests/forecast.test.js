// What the portal's rules say of every scenario, the phone says too: the cases come from tests/forecast_cases.py, and
// tests/domain/test_forecast_cases.py holds them to the rules.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, test } from "node:test";

import { findingsOf, movedWeeks, payOf, prospectsOf, smallestChange } from "../../app/static/js/forecast.js";

const CASES = JSON.parse(readFileSync(new URL("cases/forecasts.json", import.meta.url), "utf8"));

describe("the phone reckons as the portal does", () => {
  for (const { name, sheet, days, findings, moved, prospects, change, pay } of CASES) {
    test(name.replaceAll("_", " "), () => {
      const found = findingsOf(sheet, days);

      assert.deepEqual(found.map(withoutInstants), findings);
      assert.deepEqual(movedWeeks(found), moved);
      assert.deepEqual(prospectsOf(sheet, found), prospects);
      assert.deepEqual(smallestChange(sheet, days), change);
      assert.deepEqual(payOf(sheet, days), pay);
    });
  }
});

test("a wage that nobody knows makes no forecast of pay", () => {
  assert.equal(payOf({ pay: null }, [{ on: "2026-03-02", minutes: 60 }]), undefined);
});

test("what is a future hour goes by the phone's day, once midnight has passed", () => {
  const { sheet, days } = CASES.find(({ name }) => name === "future_hours_are_refused");
  const [future] = findingsOf(sheet, days).filter(({ code }) => code === "FUTURE_HOURS");

  const later = findingsOf(sheet, days, future.facts.on);

  assert.ok(!later.some(({ code, facts }) => code === "FUTURE_HOURS" && facts.on === future.facts.on));
});

function withoutInstants({ code, kind, facts: { ends_at: _unsaid, ...facts } }) {
  return { code, kind, facts };
}
