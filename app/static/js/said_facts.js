// How is a code of the portal said with its facts? The sentences are the portal's own, and so are the rules by which a
// fact's name tells how it is shown (app/web/formatting.py).

import { dayName, fullDate } from "./moments.js";
import { say, sayCount } from "./words.js";

const DURATIONS = new Set(["by", "limit", "total", "worked", "already", "carried_in", "extra", "claimed"]);

// 178 is "2 hours 58 minutes".
export function hoursInWords(minutes) {
  const [whole, rest] = [Math.floor(minutes / 60), minutes % 60];
  if (rest === 0) return sayCount("hours", whole);
  if (whole === 0) return sayCount("minutes", rest);
  return say("hours_and_minutes", { hours: sayCount("hours", whole), minutes: sayCount("minutes", rest) });
}

export function saidOf({ code, facts }) {
  return say(code, Object.fromEntries(Object.entries(facts).map(([name, value]) => [name, shown(name, value)])));
}

// What was carried in is said with the limit that it counts for.
export function findingInWords(finding) {
  const words = saidOf(finding);
  return finding.facts.carried_in ? `${words} ${saidOf({ code: "CARRIED_IN", facts: finding.facts })}` : words;
}

function shown(name, value) {
  if (value === null || value === undefined) return "";
  if (DURATIONS.has(name)) return hoursInWords(value);
  if (name === "on" || name === "today" || name.endsWith("_on")) return dayName(value);
  return name.endsWith("_date") ? fullDate(value) : value;
}
