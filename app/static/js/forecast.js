// What would the portal say of these hours, and what is the smallest change that avoids it? From the figures that
// app/domain/phone_sheets.py worked out; here they are only added up and compared, in whole minutes and cents. The
// cases in service_worker/tests/cases/forecasts.json hold this to the portal's own rules.

import { weekOf } from "./sums.js";

const CONDITIONS = new Set(["FORTY_HOURS_EXCEEDED", "MONTHLY_OVERTIME_EXCEEDED", "PROVIDER_WEEKLY_LIMIT_EXCEEDED"]);

// All findings in the portal's order: [{code, kind, facts}]. `sheet` are the portal's facts of the sheet, `days`
// [{on, minutes}] as they are typed, `today` the day in California.
export function findingsOf(sheet, days, today = sheet.today) {
  const typed = worked(days);
  const weeks = weeksWith(sheet, typed);
  const standing = (code) => sheet.standing.filter((finding) => finding.code === code);
  return [
    ...(typed.length === 0 ? [block("NO_HOURS", {})] : []),
    ...standing("OPEN_VISIT"),
    ...longDays(sheet, typed),
    ...futureDays(typed, today),
    ...unassignedDays(sheet, typed),
    ...amendments(sheet, typed),
    ...monthExceeded(sheet.month, sum(typed)),
    ...weeks.filter(({ limit, total }) => total > limit).map((week) => ofWeek("WEEKLY_MAXIMUM_EXCEEDED", week, week.limit)),
    ...weeks.filter(isOverForty).map((week) => ofWeek("FORTY_HOURS_EXCEEDED", week, week.overtime_after)),
    ...weeks.filter(isOverOwnLimit).map(overOwnLimit),
    ...sheet.overtime.flatMap((month) => tooMuchOvertime(month, typed)),
    ...(typed.at(-1)?.on === today ? [{ code: "EARLY", kind: "hold", facts: { on: today } }] : []),
    ...standing("LATE"),
    ...firstHalf(sheet.first_half, sum(typed)),
    ...(typed.length > 0 ? sheet.with_hours : []),
  ];
}

// The weeks over their maximum, and whether the county must approve that (ACL 16-01): [{code, facts}].
export function movedWeeks(findings) {
  return findings
    .filter(({ code }) => code === "WEEKLY_MAXIMUM_EXCEEDED")
    .map(({ facts: { week_starts_on, week_ends_on, by } }) => {
      const isOf = ({ code, facts }) =>
        CONDITIONS.has(code) &&
        (facts.week_starts_on === week_starts_on || facts.month_starts_on === firstOfMonth(week_ends_on));
      return {
        code: findings.some(isOf) ? "APPROVAL_NEEDED" : "APPROVAL_NOT_NEEDED",
        facts: { week_starts_on, by },
      };
    });
}

// The violations that would follow: [{code, facts}], as the portal worked them out for each set of months.
export function prospectsOf({ violations }, findings) {
  const months = findings
    .filter(({ code }) => violations.triggers.includes(code))
    .map(({ facts }) => firstOfMonth(facts.week_ends_on ?? facts.month_starts_on));
  return violations.prospects[[...new Set(months)].sort().join(",")] ?? [];
}

// Which days would have to say less so that nothing stops or warns: [{on, from, to}], the last days first, with as few
// minutes taken away as can be.
export function smallestChange(sheet, days, today = sheet.today) {
  const left = worked(days).map((day) => ({ ...day }));
  for (const round of ROUNDS) {
    for (const finding of findingsOf(sheet, left, today)) round(sheet, left, finding);
  }
  return worked(days)
    .map(({ on, minutes }, place) => ({ on, from: minutes, to: left[place].minutes }))
    .filter(({ from, to }) => from !== to);
}

// What the hours earn: {cents, regular, overtime}, by the line as the portal rounds it (29 CFR 778.115).
export function payOf({ pay }, days) {
  if (!pay) return undefined;
  const typed = worked(days);
  const straight = new Map();
  for (const { on, minutes } of typed) {
    const rate = pay.rates.findLast(({ from }) => from <= on).cents;
    straight.set(rate, (straight.get(rate) ?? 0) + minutes);
  }
  const premiums = pay.weeks.map((week) => premium(week, typed, pay.rates));
  const overtime = premiums.reduce((total, { minutes }) => total + minutes, 0);
  const cents = [...straight].map(([rate, minutes]) => halfUp(minutes * rate, 60));
  return {
    cents: [...cents, ...premiums.map((each) => each.cents)].reduce((total, each) => total + each, 0),
    regular: sum(typed) - overtime,
    overtime,
  };
}

// ── What stops ──────────────────────────────────────────────────────────────────────────────────────────────────────

function longDays({ elsewhere, longest_day: limit }, typed) {
  return typed
    .map(({ on, minutes }) => ({ on, worked: minutes, already: elsewhere[on] ?? 0 }))
    .filter((day) => day.worked + day.already > limit)
    .map((day) => block("DAY_OVER_24_HOURS", { ...day, limit, by: day.worked + day.already - limit }));
}

function futureDays(typed, today) {
  return typed
    .filter(({ on }) => on > today)
    .map(({ on, minutes }) => block("FUTURE_HOURS", { on, worked: minutes, today }));
}

function unassignedDays({ not_assigned: outside }, typed) {
  return typed
    .filter(({ on }) => outside.includes(on))
    .map(({ on, minutes }) => block("NOT_ASSIGNED", { on, worked: minutes }));
}

// What is signed anew must say something else; a supplement only adds days to those that stand.
function amendments({ stands, adds_only }, typed) {
  const days = [...new Set([...Object.keys(stands), ...typed.map(({ on }) => on)])].sort();
  const changes = days
    .map((on) => ({ on, already: stands[on] ?? 0, worked: typed.find((day) => day.on === on)?.minutes ?? 0 }))
    .filter(({ already, worked: now }) => already !== now);
  const isSame = Object.keys(stands).length > 0 && typed.length > 0 && changes.length === 0;
  return [
    ...(isSame ? [block("NOTHING_CHANGED", {})] : []),
    ...changes
      .filter(({ already }) => adds_only && already > 0)
      .map((change) => block("DAY_ALREADY_CLAIMED", change)),
  ];
}

function monthExceeded({ starts_on: month, recipient, assigned, exemption }, total) {
  const balances = [
    ["RECIPIENT_HOURS_EXCEEDED", recipient],
    ["ASSIGNED_HOURS_EXCEEDED", assigned],
    ["EXEMPTION_MONTH_EXCEEDED", exemption],
  ];
  return balances
    .filter(([, balance]) => balance && total > balance.left)
    .map(([code, { limit, claimed, left }]) =>
      block(code, { month_starts_on: month, limit, already: claimed, left, worked: total, by: total - left }),
    );
}

// ── What warns ──────────────────────────────────────────────────────────────────────────────────────────────────────

function weeksWith(sheet, typed) {
  return sheet.weeks
    .map((week) => ({ ...week, worked: inWeek(typed, week.starts_on) }))
    .filter((week) => week.worked > 0)
    .map((week) => ({ ...week, total: week.already + week.worked }));
}

function isOverForty({ limit, overtime_after: forty, total }) {
  return limit <= forty && total > forty;
}

function isOverOwnLimit({ provider_limit: limit, provider_already: already, worked: here }) {
  return limit !== null && already + here > limit;
}

function ofWeek(code, week, limit) {
  const { extra, worked: here, already, carried_in, total } = week;
  return warning(code, { ...named(week), limit, extra, worked: here, already, carried_in, total, by: total - limit });
}

function overOwnLimit(week) {
  const { provider_limit: limit, provider_already: already, provider_carried_in: carried_in } = week;
  const total = already + week.worked;
  const facts = { ...named(week), limit, worked: week.worked, already, carried_in, total, by: total - limit };
  return warning("PROVIDER_WEEKLY_LIMIT_EXCEEDED", facts);
}

function tooMuchOvertime({ month_starts_on, normal, weeks }, typed) {
  if (!weeks.some(({ starts_on, judged }) => judged && inWeek(typed, starts_on) > 0)) return [];
  const total = weeks.reduce((minutes, week) => minutes + overtimeIn(week, typed), 0);
  if (total <= normal) return [];
  return [warning("MONTHLY_OVERTIME_EXCEEDED", { month_starts_on, limit: normal, total, by: total - normal })];
}

function overtimeIn({ starts_on, already, overtime_after: forty }, typed) {
  return Math.max(0, already + inWeek(typed, starts_on) - forty);
}

function named({ starts_on, ends_on }) {
  return { week_starts_on: starts_on, week_ends_on: ends_on };
}

// ── What holds ──────────────────────────────────────────────────────────────────────────────────────────────────────

function firstHalf(share, total) {
  if (!share || total === 0) return [];
  const { authorized, percent } = share;
  const claimed = share.claimed + total;
  if (claimed * 100 <= authorized * percent) return [];
  return [{ code: "OVER_70_PERCENT", kind: "hold", facts: { claimed, authorized, percent } }];
}

// ── The smallest change ─────────────────────────────────────────────────────────────────────────────────────────────

const WEEKLY = new Set(["WEEKLY_MAXIMUM_EXCEEDED", "FORTY_HOURS_EXCEEDED", "PROVIDER_WEEKLY_LIMIT_EXCEEDED"]);

// Days first, then weeks, then months: what is taken from a day counts for its week and its month too.
const ROUNDS = [cutDay, cutWeek, cutOvertime, cutMonth];

function cutDay(_sheet, days, { code, facts }) {
  if (code === "FUTURE_HOURS" || code === "NOT_ASSIGNED") take(days, facts.worked, ({ on }) => on === facts.on);
  if (code === "DAY_OVER_24_HOURS") take(days, facts.by, ({ on }) => on === facts.on);
}

function cutWeek(_sheet, days, { code, facts }) {
  if (!WEEKLY.has(code)) return;
  const before = facts.worked - inWeek(days, facts.week_starts_on); // taken already, for another limit of this week
  take(days, facts.by - before, ({ on }) => weekOf(on) === facts.week_starts_on);
}

function cutOvertime(sheet, days, { code, facts }) {
  if (code !== "MONTHLY_OVERTIME_EXCEEDED") return;
  let by = facts.by;
  const { weeks } = sheet.overtime.find((month) => month.month_starts_on === facts.month_starts_on);
  for (const week of [...weeks].reverse()) {
    const most = Math.min(by, overtimeIn(week, days));
    by -= most - take(days, most, ({ on }) => weekOf(on) === week.starts_on);
  }
}

function cutMonth(_sheet, days, { facts }) {
  if ("left" in facts) take(days, sum(days) - facts.left, () => true);
}

// Takes minutes from the last of these days first; what could not be taken is the answer.
function take(days, minutes, isMeant) {
  let left = Math.max(0, minutes);
  for (const day of [...days].reverse().filter(isMeant)) {
    const taken = Math.min(left, day.minutes);
    day.minutes -= taken;
    left -= taken;
  }
  return left;
}

// ── Pay ─────────────────────────────────────────────────────────────────────────────────────────────────────────────

// What a week's overtime earns on top, less what was paid: half its average rate for each hour over forty.
function premium({ starts_on, minutes: before, minute_cents, paid, percent, overtime_after: forty }, typed, rates) {
  const here = typed.filter(({ on }) => weekOf(on) === starts_on);
  if (here.length === 0) return { minutes: 0, cents: 0 };
  const minutes = before + sum(here);
  const worth = here.reduce(
    (cents, day) => cents + day.minutes * rates.findLast(({ from }) => from <= day.on).cents,
    minute_cents,
  );
  const overtime = Math.max(0, minutes - forty);
  const cents = halfUp(worth * percent * overtime, minutes * 100 * 60) - paid;
  return { minutes: cents ? overtime - Math.max(0, before - forty) : 0, cents };
}

// Whole cents; a half counts as one more. Whole numbers all along, beyond what a float holds exactly.
function halfUp(share, whole) {
  const [above, below] = [BigInt(share) * 2n + BigInt(whole), BigInt(whole) * 2n];
  return Number(above / below);
}

// ── Adding up ───────────────────────────────────────────────────────────────────────────────────────────────────────

function worked(days) {
  return days.filter(({ minutes }) => minutes > 0).sort((one, other) => (one.on < other.on ? -1 : 1));
}

function firstOfMonth(on) {
  return `${on.slice(0, 8)}01`;
}

function inWeek(days, sunday) {
  return sum(days.filter(({ on }) => weekOf(on) === sunday));
}

function sum(days) {
  return days.reduce((total, { minutes }) => total + minutes, 0);
}

function block(code, facts) {
  return { code, kind: "block", facts };
}

function warning(code, facts) {
  return { code, kind: "warning", facts };
}
