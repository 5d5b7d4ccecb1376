// What does the sheet come to while it is typed? The totals move at once, from the facts that the portal sent;
// its findings follow from the portal itself.

import { readDay } from "./day_fields.js";
import { knownFacts } from "./phone.js";
import { asHours, barParts, monthSum, weekOf, weekSums } from "./sums.js";
import { say } from "./words.js";

export async function showSums(sheet) {
  const days = [...sheet.querySelectorAll("[data-day]")].map((row) => ({
    on: row.dataset.on,
    minutes: readDay(row).values?.minutes ?? null,
  }));
  const facts = (await knownFacts())?.sheets.find((one) => one.id === Number(sheet.dataset.timesheet));
  if (!facts) return showPlainTotals(days);
  weekSums(facts.weeks, days).forEach(showWeek);
  showMonth(monthSum(facts.month, days));
}

// Without facts the phone knows no limit, only what was typed here.
function showPlainTotals(days) {
  const worked = new Map();
  for (const { on, minutes } of days) {
    worked.set(weekOf(on), (worked.get(weekOf(on)) ?? 0) + (minutes ?? 0));
  }
  for (const [week, minutes] of worked) fill(partsOf(week, "[data-week-total]"), asHours(minutes));
}

function showWeek(week) {
  fill(partsOf(week.starts_on, "[data-week-total]"), asHours(week.worked));
  fill(partsOf(week.starts_on, "[data-week-left]"), weekWords(week));
  for (const [name, x, width] of barParts(week)) {
    for (const part of partsOf(week.starts_on, `[data-bar="${name}"]`)) {
      part.setAttribute("x", x);
      part.setAttribute("width", width);
    }
  }
}

function weekWords({ total, limit, left, over, provider_over: all }) {
  const hours = { worked: asHours(total), limit: asHours(limit), left: asHours(left), over: asHours(over) };
  if (over > 0) return say("week_over", hours);
  if (all > 0) return say("week_over_all", { over: asHours(all) });
  return left === null ? "" : say("week_left", hours);
}

// Online the portal's own remarks say it, and take more into account.
function showMonth({ left, over }) {
  const isAlone = !navigator.onLine && left !== null;
  const words = over > 0 ? say("month_over", { over: asHours(over) }) : say("month_left", { left: asHours(left) });
  fill(document.querySelectorAll("[data-month-left]"), isAlone ? words : "");
}

function partsOf(week, selector) {
  return document.querySelectorAll(`[data-week="${week}"] ${selector}`);
}

function fill(elements, words) {
  for (const element of elements) if (element.textContent !== words) element.textContent = words;
}
