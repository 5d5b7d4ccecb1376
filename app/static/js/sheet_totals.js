// What does the sheet come to while it is typed? Totals, bars, and what lies ahead move at once, from the facts that the
// portal sent with the page, or that this phone keeps where there is no network.

import { readDay } from "./day_fields.js";
import { showQuestions } from "./day_questions.js";
import { knownFacts } from "./phone.js";
import { showForecast } from "./sheet_forecast.js";
import { asHours, barParts, weekOf, weekSums } from "./sums.js";
import { say } from "./words.js";

export async function showSums(sheet) {
  const days = daysOf(sheet);
  const facts = factsOnPage(sheet) ?? (await factsOnPhone(sheet));
  if (!facts) return showPlainTotals(days);
  weekSums(facts.weeks, days).forEach(showWeek);
  showForecast(sheet, facts, days);
  showQuestions(sheet, facts, days);
}

// What the fields of a sheet say, day by day; a figure that cannot be read counts as none.
export function daysOf(sheet) {
  return [...sheet.querySelectorAll("[data-day]")].map((row) => ({
    on: row.dataset.on,
    minutes: readDay(row).values?.minutes ?? null,
  }));
}

// The portal's facts of a sheet: those that came with the page are the newest.
export async function factsOf(sheet) {
  return factsOnPage(sheet) ?? factsOnPhone(sheet);
}

function factsOnPage(sheet) {
  const told = sheet.querySelector("[data-sheet-facts]")?.dataset.sheetFacts;
  return told && JSON.parse(told);
}

async function factsOnPhone(sheet) {
  return (await knownFacts())?.sheets.find((one) => one.id === Number(sheet.dataset.timesheet));
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
  fill(partsOf(week.starts_on, "[data-week-own]"), ownWords(week));
  for (const [name, x, width] of barParts(week)) {
    for (const part of partsOf(week.starts_on, `[data-bar="${name}"]`)) {
      part.setAttribute("x", x);
      part.setAttribute("width", width);
    }
  }
}

function weekWords({ total, limit, left, over }) {
  const hours = { worked: asHours(total), limit: asHours(limit), left: asHours(left), over: asHours(over) };
  if (over > 0) return say("week_over", hours);
  return left === null ? "" : say("week_left", hours);
}

// With two recipients or more the provider has a limit of her own.
function ownWords({ provider_left: left, provider_over: over }) {
  if (over > 0) return say("week_over_all", { over: asHours(over) });
  return left === null ? "" : say("week_left_own", { left: asHours(left) });
}

function partsOf(week, selector) {
  return document.querySelectorAll(`[data-week="${week}"] ${selector}`);
}

function fill(elements, words) {
  for (const element of elements) {
    if (element.textContent !== words) element.textContent = words;
    element.hidden = words === "";
  }
}
