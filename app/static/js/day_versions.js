// How are two versions of one day put before a person?

import { clockOfDay } from "./moments.js";
import { asHours } from "./sums.js";
import { say } from "./words.js";

// A day in a sentence or two: "7:30 hours. From 8:02 AM to 4:02 PM. At home."
export function describe({ minutes, starts, ends, location }) {
  const parts = [];
  if (minutes !== undefined) {
    parts.push(minutes === null ? say("version_no_hours") : say("version_hours", { hours: asHours(minutes) }));
  }
  if (starts && ends) {
    parts.push(say("version_times", { starts: clockOfDay(starts), ends: clockOfDay(ends) }));
  } else if (starts) {
    parts.push(say("version_starts", { starts: clockOfDay(starts) }));
  }
  if (location) parts.push(say(`version_${location}`));
  return parts.join(" ");
}

// The page's own template with both versions in it; the caller wires its two buttons.
export function conflictOf(mine, theirs) {
  const choice = document.getElementById("day-conflict").content.firstElementChild.cloneNode(true);
  choice.querySelector("[data-mine]").textContent = say("mine", { version: describe(mine) });
  choice.querySelector("[data-theirs]").textContent = say("theirs", { version: describe(theirs) });
  return choice;
}
