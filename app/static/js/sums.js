// What do a sheet's hours come to? Reading, adding and comparing with the facts that the portal sent; no rule
// of law. Findings shown online are always the portal's own. Durations are whole minutes.

const A_DAY = 24 * 60;
const TOGETHER = /^([0-9]{1,4}):([0-9]{2})$/;
const WHOLE = /^[0-9]{1,4}$/;
const DECIMAL = /^([0-9]{0,4})[.,]([0-9]{1,4})$/;

// The hours of a day as typed: {minutes}, null for a blank field, or {problem, facts} with the code of the
// server's own refusal (app/domain/hours.py; the same cases test both).
export function readHours(typed) {
  const text = typed.trim();
  if (text === "") return { minutes: null };
  const meant = inAsciiDigits(text);
  if (meant !== text) return { problem: "OTHER_DIGITS", facts: { typed: text, meant } };
  if (/^[-−]/.test(text)) return { problem: "HOURS_NEGATIVE", facts: { typed: text } };
  const decimal = DECIMAL.exec(text);
  if (decimal) return { problem: "DECIMAL_HOURS", facts: { typed: text, meant: decimalMeant(decimal) } };
  const [, hours, odd] = TOGETHER.exec(text) ?? (WHOLE.test(text) ? ["", text, "0"] : []);
  if (hours === undefined) return { problem: "HOURS_NOT_A_NUMBER", facts: { typed: text } };
  if (Number(odd) > 59) return { problem: "MINUTES_OUT_OF_RANGE", facts: { typed: odd } };
  const minutes = Number(hours) * 60 + Number(odd);
  if (minutes > A_DAY) return { problem: "HOURS_OUT_OF_RANGE", facts: { typed: text } };
  return { minutes };
}

// Minutes as people read them: 485 is "8:05".
export function asHours(minutes) {
  if (minutes === null || minutes === undefined) return "";
  return `${Math.floor(minutes / 60)}:${String(minutes % 60).padStart(2, "0")}`;
}

// The Sunday on which a day's workweek begins.
export function weekOf(on) {
  const day = new Date(`${on}T00:00Z`);
  day.setUTCDate(day.getUTCDate() - day.getUTCDay());
  return day.toISOString().slice(0, 10);
}

// A sheet's workweeks: what was worked on this sheet, what came before, what is left of the limit or over it.
// `days` is [{on, minutes}]. With two or more recipients, `provider_over` is what all of them together are
// over the provider's own limit.
export function weekSums(weeks, days) {
  return weeks.map((week) => {
    const worked = sum(days.filter((day) => weekOf(day.on) === week.starts_on));
    const total = worked + week.already;
    const own = week.provider_limit == null ? 0 : worked + week.provider_already - week.provider_limit;
    return {
      starts_on: week.starts_on,
      limit: week.limit,
      worked,
      carried: week.carried_in,
      already: week.already - week.carried_in,
      total,
      left: week.limit == null ? null : Math.max(0, week.limit - total),
      over: week.limit == null ? 0 : Math.max(0, total - week.limit),
      provider_over: Math.max(0, own),
      provider_left: week.provider_limit == null ? null : Math.max(0, -own),
    };
  });
}

// What is left of the month after this sheet, by the recipient's hours and by this provider's: {left, over}.
export function monthSum(month, days) {
  const lefts = [month.recipient_left, month.assigned_left].filter((left) => left != null);
  if (lefts.length === 0) return { left: null, over: 0 };
  const left = Math.min(...lefts) - sum(days);
  return { left: Math.max(0, left), over: Math.max(0, -left) };
}

// The parts of a week bar in percent of its width: [name, x, width].
export function barParts({ worked, carried, already, total, limit }) {
  const whole = Math.max(total, limit ?? total, 1);
  const within = Math.min(limit ?? total, total);
  const ends = [carried, carried + already, carried + already + worked].map((end) => Math.min(end, within));
  const share = (minutes) => Math.round((10_000 * minutes) / whole) / 100;
  return [
    ["carried", 0, share(ends[0])],
    ["already", share(ends[0]), share(ends[1] - ends[0])],
    ["worked", share(ends[1]), share(ends[2] - ends[1])],
    ["over", share(within), share(total - within)],
  ];
}

function sum(days) {
  return days.reduce((total, day) => total + (day.minutes ?? 0), 0);
}

function decimalMeant([, hours, share]) {
  return asHours(Number(hours || 0) * 60 + Math.round((Number(share) * 60) / 10 ** share.length));
}

// A script's ten digits stand in a row in Unicode, so a digit's value is its place in its row.
function inAsciiDigits(text) {
  return text.replace(/\p{Nd}/gu, (digit) => {
    let place = 0;
    const code = digit.codePointAt(0);
    while (/\p{Nd}/u.test(String.fromCodePoint(code - place - 1))) place += 1;
    return String(place % 10);
  });
}
