// Which blank days would be filled in, and with how many hours? The same as app/domain/fills.py says, so that it works
// without a network; the cases in service_worker/tests/cases/fills.json hold both.

const A_DAY = 24 * 60;
const A_WEEK = 7;

// {filled: {day: minutes}}, or {problem} with the code of the portal's own refusal. `days` are those that may hold
// hours, none of them after today; `known` the minutes of days that hold some, the week before included; `minutes` those of
// each day for the same every day (0: like the first day with hours), or the total to spread.
export function fill(way, days, known, minutes = 0) {
  const blank = days.filter((on) => !known[on]);
  if (blank.length === 0) return { problem: "NO_BLANK_DAYS" };
  if (way === "spread") return spread(minutes, blank);
  const filled = way === "same-every-day" ? sameEveryDay(days, blank, known, minutes) : likeLastWeek(blank, known);
  return Object.keys(filled).length > 0 ? { filled } : { problem: "NOTHING_TO_COPY" };
}

function spread(total, blank) {
  const limit = A_DAY * blank.length;
  if (total > limit) return { problem: "SPREAD_TOO_MUCH", facts: { days: blank.length, limit } };
  if (total === 0) return { problem: "NOTHING_TO_SPREAD" };
  const [each, odd] = [Math.floor(total / blank.length), total % blank.length];
  const shares = blank.map((on, place) => [on, each + (place < odd ? 1 : 0)]);
  return { filled: Object.fromEntries(shares.filter(([, minutes]) => minutes > 0)) };
}

function sameEveryDay(days, blank, known, minutes) {
  const same = minutes || known[days.find((on) => known[on])];
  return same ? Object.fromEntries(blank.map((on) => [on, same])) : {};
}

function likeLastWeek(blank, known) {
  const [seen, filled] = [{ ...known }, {}];
  for (const on of blank) {
    const minutes = seen[daysBefore(on, A_WEEK)];
    if (minutes) seen[on] = filled[on] = minutes;
  }
  return filled;
}

function daysBefore(on, days) {
  const day = new Date(`${on}T00:00Z`);
  day.setUTCDate(day.getUTCDate() - days);
  return day.toISOString().slice(0, 10);
}
