// Which days are asked about while a sheet is typed, and how does one tap answer? A day that is unlike what is usual, and
// a figure that is asked back because it could mean two things.

import { today } from "./moments.js";
import { questionsOf } from "./habits.js";
import { asHours, readHours } from "./sums.js";
import { say } from "./words.js";

// A question under each day that is unlike what its person usually enters; the day being typed is left in peace.
export function showQuestions(sheet, { habits }, days) {
  if (!habits) return;
  const rows = [...sheet.querySelectorAll("[data-day]")].filter((row) => row.querySelector('[data-field="minutes"]:enabled'));
  const open = new Set(rows.map((row) => row.dataset.on));
  const asked = questionsOf(habits, days.filter(({ on }) => open.has(on)), today());
  for (const row of rows) {
    if (row.contains(document.activeElement)) continue;
    showQuestion(row, asked.find(({ on }) => on === row.dataset.on));
  }
}

function showQuestion(row, question) {
  const place = row.querySelector("[data-day-question]");
  if (!place) return;
  const words = question ? questionInWords(question) : "";
  if (place.dataset.words === words) return;
  place.dataset.words = words;
  place.replaceChildren(words);
  if (question?.code === "USUAL_DAY_LEFT_OUT") {
    place.append(" ", takeButton(say("take_hours", { hours: asHours(question.usual.minutes) }), question.usual.minutes));
  }
}

function questionInWords({ code, on, usual }) {
  const weekday = (new Date(`${on}T00:00Z`).getUTCDay() + 6) % 7;
  return say(code, { usual: asHours(usual.minutes), on_weekdays: say(`ON_WEEKDAYS_${weekday}`) });
}

// For a figure that could not be read as it stands: what was probably meant, one tap away.
export function askedBack({ code, facts }) {
  if (!facts?.meant || !["DECIMAL_HOURS", "OTHER_DIGITS"].includes(code)) return [];
  const { minutes, problem } = readHours(facts.meant);
  return problem ? [] : [" ", takeButton(say("meant_hours", { meant: facts.meant }), minutes)];
}

function takeButton(label, minutes) {
  const button = Object.assign(document.createElement("button"), { type: "button", textContent: label });
  button.className = "day__take";
  button.dataset.take = minutes;
  return button;
}
