// When does the session end? A word two minutes before, one tap to stay, and nothing typed is lost at the end.

import { post } from "./portal.js";
import { say, sayCount } from "./words.js";

const WARNING = 150_000; // milliseconds before the end; quality.md D asks for two minutes at least
const JUST_NOW = 120_000; // somebody who typed within these is still there and need not be asked

const page = document.body.dataset;
const dialog = document.querySelector("[data-session-warning]");
const channel = "BroadcastChannel" in globalThis ? new BroadcastChannel("carehours-session") : undefined;

let endsAt;
let lastActAt = 0;

export function startSessionClock() {
  if (!page.sessionEnds || !dialog) return;
  startFrom(page.sessionEnds, page.now);
  for (const act of ["input", "pointerdown", "keydown"]) {
    addEventListener(act, () => (lastActAt = Date.now()), { passive: true, capture: true });
  }
  dialog.querySelector("[data-session-extend]").addEventListener("click", extend);
  if (channel) channel.onmessage = ({ data }) => startFrom(data.ends, data.now);
  document.addEventListener("visibilitychange", look);
  setInterval(look, 5_000);
}

// Only the stretch between the portal's two instants counts, so a wrong phone clock does no harm.
function startFrom(ends, now) {
  endsAt = Date.now() + (Date.parse(ends) - Date.parse(now));
  if (dialog.open) dialog.close();
}

function look() {
  const left = endsAt - Date.now();
  if (left > WARNING) return;
  if (left <= 0) return end();
  if (Date.now() - lastActAt < JUST_NOW && !dialog.open) return void extend();
  warn(left);
}

function warn(left) {
  const minutes = Math.max(1, Math.round(left / 60_000));
  const words = sayCount("session_left", minutes);
  const told = dialog.querySelector("[data-session-left]");
  if (told.textContent !== words) told.textContent = words;
  if (!dialog.open) dialog.showModal();
}

async function extend() {
  lastActAt = 0;
  try {
    const { ends, now } = await post("/session/extend");
    startFrom(ends, now);
    channel?.postMessage({ ends, now });
  } catch (error) {
    if (error.status === 401) end();
  }
}

// With nothing typed the page goes, for it may show somebody's hours. With something typed it stays behind the
// dialog: a form that is sent now is kept and shown again after sign-in.
function end() {
  const address = addressAfter();
  if (!hasTyping()) return void location.assign(address);
  dialog.querySelector("[data-session-left]").textContent = say("session_ended");
  dialog.querySelector("[data-session-extend]").hidden = true;
  const link = dialog.querySelector("[data-session-sign-in]");
  link.href = address;
  link.hidden = false;
  if (!dialog.open) dialog.showModal();
}

// Back here after sign-in. The start page of somebody who works offline shows her cards to her signed out as
// well: she may be standing at a door.
function addressAfter() {
  if ("offline" in page && location.pathname === "/") return "/";
  return `/sign-in?next=${encodeURIComponent(location.pathname + location.search)}`;
}

// Fields outside the sheet, whose days are on the phone already.
function hasTyping() {
  return [...document.querySelectorAll("main form:not([data-sheet]) :is(textarea, input[type=text])")].some(
    (field) => field.value !== field.defaultValue,
  );
}
