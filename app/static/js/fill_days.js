// Blank days filled in by one tap, and taken back by another; on the phone first, like everything that is typed.

import { readDay, writeDay } from "./day_fields.js";
import { fill } from "./fills.js";
import { today } from "./moments.js";
import { saidOf } from "./said_facts.js";
import { daysOf, factsOf, showSums } from "./sheet_totals.js";
import { readHours } from "./sums.js";
import { say, sayCount } from "./words.js";

const last = new WeakMap(); // sheet → the days of its last fill, with what was put in

// `keepDay(row)` keeps a day's values on the phone and sends them.
export function startFilling(keepDay) {
  document.addEventListener("click", (event) => {
    const sheet = event.target.closest("form[data-sheet]");
    const button = sheet && event.target.closest("[data-fill], [data-fill-undo]");
    if (!button) return;
    if ("fillUndo" in button.dataset && !last.has(sheet)) return; // filled on the page before: the portal knows
    event.preventDefault();
    if ("fillUndo" in button.dataset) undo(sheet, keepDay);
    else fillDays(sheet, button.dataset.fill, keepDay);
  });
}

async function fillDays(sheet, way, keepDay) {
  const typed = readFill(sheet.querySelector("[data-fill-hours]").value, way);
  if (typed.problem) return tell(sheet, say(typed.problem, typed.facts));
  const rows = openRows(sheet);
  const days = daysOf(sheet);
  const known = Object.fromEntries(days.map(({ on, minutes }) => [on, minutes]));
  const facts = await factsOf(sheet);
  const { filled, problem, facts: why = {} } = fill(
    way,
    [...rows.keys()],
    { ...facts?.week_before, ...known },
    typed.minutes ?? 0,
  );
  if (problem) return tell(sheet, saidOf({ code: problem, facts: why }));
  for (const [on, minutes] of Object.entries(filled)) put(rows.get(on), minutes);
  last.set(sheet, filled);
  tell(sheet, sayCount("filled", Object.keys(filled).length));
  sheet.querySelector("[data-fill-undo]").hidden = false;
  keepAll(sheet, Object.keys(filled).map((on) => rows.get(on)), keepDay);
}

// Only what still says what the fill put there is blank again.
function undo(sheet, keepDay) {
  const rows = openRows(sheet);
  const filled = Object.entries(last.get(sheet));
  const undone = filled.filter(([on, minutes]) => readDay(rows.get(on)).values?.minutes === minutes);
  for (const [on] of undone) put(rows.get(on), null);
  last.delete(sheet);
  tell(sheet, sayCount("unfilled", undone.length));
  sheet.querySelector("[data-fill-undo]").hidden = true;
  keepAll(sheet, undone.map(([on]) => rows.get(on)), keepDay);
}

function keepAll(sheet, rows, keepDay) {
  showSums(sheet);
  for (const row of rows) keepDay(row);
}

// A total to spread may be more than a day holds.
function readFill(typed, way) {
  const total = way === "spread" && /^([0-9]{1,3}):([0-5][0-9])$/.exec(typed.trim());
  if (total) return { minutes: Number(total[1]) * 60 + Number(total[2]) };
  if (way === "spread" && /^[0-9]{1,3}$/.test(typed.trim())) return { minutes: Number(typed) * 60 };
  return readHours(typed);
}

function put(row, minutes) {
  writeDay(row, { ...readDay(row).values, minutes });
}

// The days that may hold hours, none after today, by their day.
function openRows(sheet) {
  const rows = [...sheet.querySelectorAll("[data-day]")].filter(
    (row) => row.dataset.on <= today() && row.querySelector('[data-field="minutes"]:enabled'),
  );
  return new Map(rows.map((row) => [row.dataset.on, row]));
}

function tell(sheet, words) {
  sheet.querySelector("[data-fill-status]").textContent = words;
}
