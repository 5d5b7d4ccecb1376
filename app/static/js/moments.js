// How are times and days shown? In the reader's language and in California's time, wherever the phone is.

import { say } from "./words.js";

const LANGUAGE = document.documentElement.lang || "en";
const ZONE = "America/Los_Angeles";
const CLOCK = new Intl.DateTimeFormat(LANGUAGE, { hour: "numeric", minute: "2-digit", timeZone: ZONE });
const DAY = new Intl.DateTimeFormat(LANGUAGE, {
  weekday: "long",
  month: "long",
  day: "numeric",
  timeZone: "UTC",
});
const WEEKDAY = new Intl.DateTimeFormat(LANGUAGE, { weekday: "short", timeZone: "UTC" });
const DATE = new Intl.DateTimeFormat(LANGUAGE, { month: "long", day: "numeric", timeZone: "UTC" });
const FULL_DATE = new Intl.DateTimeFormat(LANGUAGE, { dateStyle: "long", timeZone: "UTC" });
const TODAY = new Intl.DateTimeFormat("en-CA", { dateStyle: "short", timeZone: ZONE });

// How far the portal's clock is ahead of the phone's, in milliseconds, as the page was rendered.
const ahead = document.body.dataset.now ? Date.parse(document.body.dataset.now) - Date.now() : 0;

// An instant: "8:02 AM".
export function clock(instant) {
  return CLOCK.format(new Date(instant));
}

// A time of day as fields hold it, "16:02": "4:02 PM".
export function clockOfDay(text) {
  const [hour, minute] = text.split(":").map(Number);
  const format = new Intl.DateTimeFormat(LANGUAGE, {
    hour: "numeric",
    minute: "2-digit",
    timeZone: "UTC",
  });
  return format.format(Date.UTC(2000, 0, 1, hour, minute));
}

// A day: "Monday, November 16".
export function dayName(on) {
  return DAY.format(Date.parse(`${on}T00:00Z`));
}

// A day where there is little room, "Mon 16", as the portal writes it.
export function dayShort(on) {
  const day = Date.parse(`${on}T00:00Z`);
  return `${WEEKDAY.format(day)} ${new Date(day).getUTCDate()}`;
}

// A half month: "November 16 – November 30", as the language writes ranges.
export function periodName({ starts_on, ends_on }) {
  return DATE.formatRange(Date.parse(`${starts_on}T00:00Z`), Date.parse(`${ends_on}T00:00Z`));
}

export function dateName(on) {
  return DATE.format(Date.parse(`${on}T00:00Z`));
}

// A day that may be far off: "November 16, 2026".
export function fullDate(on) {
  return FULL_DATE.format(Date.parse(`${on}T00:00Z`));
}

// The day in California on which an instant falls: "2026-11-16".
export function dayOf(instant) {
  return TODAY.format(new Date(instant));
}

// Whole minutes since an instant, by the clock that gave it: the portal's or this phone's own.
export function minutesSince(instant, isPortalTime) {
  const now = Date.now() + (isPortalTime ? ahead : 0);
  return Math.max(0, Math.floor((now - Date.parse(instant)) / 60_000));
}

// Minutes as a stretch of time: "2 h 14 min", and "Just now" below one.
export function stretch(minutes) {
  if (minutes < 1) return say("just_now");
  const facts = { hours: Math.floor(minutes / 60), minutes: minutes % 60 };
  return say(facts.hours > 0 ? "stretch" : "stretch_minutes", facts);
}

// The day in California now, by the portal's clock.
export function today() {
  return dayOf(Date.now() + ahead);
}
