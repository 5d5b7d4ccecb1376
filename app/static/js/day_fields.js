// What do the fields of a day hold, and how is a day written into them?

import { clockOfDay } from "./moments.js";
import { asHours, readHours } from "./sums.js";
import { say } from "./words.js";

// {values: {minutes, starts, ends, location}} as an entry event carries them, or {problem: {code, facts}}.
export function readDay(row) {
  const { minutes, problem, facts } = readHours(valueOf(row, "minutes") ?? "");
  if (problem) return { problem: { code: problem, facts } };
  const text = (name) => valueOf(row, name) || null;
  return {
    values: { minutes, starts: text("starts"), ends: text("ends"), location: text("location") },
  };
}

export function writeDay(row, { minutes, starts, ends, location }) {
  setValue(row, "minutes", asHours(minutes));
  setValue(row, "starts", starts ?? "");
  setValue(row, "ends", ends ?? "");
  setValue(row, "location", location ?? "");
  showSummary(row);
}

// The line that stands for times and place while their fields are folded away.
export function showSummary(row) {
  const summary = row.querySelector("[data-day-summary]");
  if (!summary) return;
  const [starts, ends, location] = ["starts", "ends", "location"].map((name) => valueOf(row, name));
  const parts = [];
  if (starts && ends) parts.push(say("day_times", { starts: clockOfDay(starts), ends: clockOfDay(ends) }));
  else if (starts) parts.push(say("day_starts", { starts: clockOfDay(starts) }));
  if (location) parts.push(say(`place_name_${location}`));
  summary.textContent = parts.join(" · ") || say("times_and_place");
}

function fieldsOf(row, name) {
  return [...row.querySelectorAll(`[data-field="${name}"]`)];
}

function valueOf(row, name) {
  const fields = fieldsOf(row, name);
  const chosen = fields[0]?.type === "radio" ? fields.find((field) => field.checked) : fields[0];
  return chosen?.value;
}

function setValue(row, name, value) {
  for (const field of fieldsOf(row, name)) {
    if (field.type === "radio") field.checked = field.value === value;
    else field.value = value;
  }
}
