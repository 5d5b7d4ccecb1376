// The tap at the door: answered at once from the phone, sent when it can be, its place told afterwards.

import { clock, minutesSince, stretch } from "./moments.js";
import { keep, onPhone, sendUnkept, unsent } from "./phone.js";
import { askToStay } from "./staying.js";
import { tellPlace } from "./tap_place.js";
import { say } from "./words.js";

const UNDO_MINUTES = 2; // domain.md decision 12
const CHECKED_IN = '[data-visit-card]:not([data-checked-in-at=""])';
const VISIT_KINDS = new Set(["check-in", "check-out"]);

export function startVisitCards() {
  document.addEventListener("submit", (event) => {
    const form = event.target.closest("form[data-visit-form]");
    if (!form) return;
    event.preventDefault();
    tapped(form);
  });
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-visit-undo]");
    if (button) undone(cardOf(button));
  });
  onPhone((message) => {
    if (message.type === "answered") message.outcomes.forEach(answered);
    if (message.type === "kept") mirrored(message.event, true, queueMicrotask);
  });
  setInterval(tick, 30_000);
  tick();
}

// What this phone holds but the portal has not received yet stands above what the page says.
export async function showUnsentVisits() {
  for (const { event, state } of await unsent().catch(() => [])) {
    if (state === "waiting") mirrored(event);
  }
}

async function tapped(form) {
  const card = cardOf(form);
  if ("busy" in card.dataset) return;
  card.dataset.busy = "";
  const at = new Date();
  const { assignment, kind } = form.dataset;
  const place = new FormData(form).get("location") ?? "home";
  const data = { assignment: Number(assignment), location: place };
  try {
    const event = await keep(kind, data, { at }); // `mirrored` has turned the card when this resolves
    if (place === "home") tellPlace(placeOf(card), event.id);
    askToStay();
  } catch (notKept) {
    await sendWithoutKeeping(card, form, notKept);
  } finally {
    delete card.dataset.busy;
  }
}

// This phone cannot keep it, so nobody says "Saved": either the portal has it, or the person is told what else
// she can do.
async function sendWithoutKeeping(card, form, { event, isFull }) {
  speak(card, say(isFull ? "phone_full_sending" : "cannot_keep_sending"));
  const outcome = await sendUnkept(event);
  if (outcome.result === "received") {
    flip(card, event.kind, event.made_at);
    speak(card, received(outcome));
  } else if (outcome.result === "refused") {
    speak(card, outcome.message ?? say("refused"));
  } else if (navigator.onLine && form.querySelector('[name="csrf_token"]')) {
    form.submit(); // the plain way, through the sign-in page if it must be
  } else {
    speak(card, say(isFull ? "not_saved_full" : "not_saved", { time: clock(event.made_at) }));
  }
}

// A tap that was kept, by this page, by another tab, or before this page was opened. `next` does what may come after
// the word that it is saved.
function mirrored(event, isKept = true, next = (work) => work()) {
  const card = VISIT_KINDS.has(event.kind)
    ? document.querySelector(`[data-visit-card][data-assignment="${event.data.assignment}"]`)
    : event.kind === "undo" && cardOfEvent(event.data.event);
  if (!card || card.dataset.event === event.id) return;
  if (!isKept && "keptHere" in card.dataset) return; // the card shows a later tap
  if (isKept) card.dataset.keptHere = "";
  show(card, event, next);
}

// The word first, for that is what somebody waits for.
function show(card, event, next) {
  if (event.kind === "undo") {
    speak(card, say("undone"));
    flip(card, "check-out");
    return;
  }
  card.dataset.event = event.id;
  card.dataset.before = card.dataset.checkedInAt;
  speak(card, say("saved_on_phone", { time: clock(event.made_at) }));
  next(() => turn(card, event));
}

function turn(card, event) {
  flip(card, event.kind, event.made_at);
  placeOf(card).replaceChildren();
  card.querySelector("[data-undo-form]")?.remove(); // it names the visit before this one
  if (event.kind === "check-in") offerUndo(card, event);
}

function flip(card, kind, at) {
  const hadFocus = card.contains(document.activeElement);
  card.dataset.clock = "phone";
  stand(card, kind === "check-in" ? at : "");
  card.querySelector("[data-visit-undo]").hidden = true;
  card.querySelector("[data-visit-change]").hidden = true;
  // The button that was tapped is gone; a keyboard or a screen reader goes on at its successor.
  if (hadFocus) card.querySelector("[data-visit-form] button").focus();
}

// Draws the card as checked in since an instant, or as out where that is empty.
export function stand(card, at) {
  const isIn = at !== "";
  card.dataset.checkedInAt = at;
  card.classList.toggle("visit-card--in", isIn);
  present(card, "in", isIn);
  present(card, "out", !isIn);
  showWhereNow();
  if (!isIn) return;
  card.querySelector("[data-since]").textContent = say("since", { time: clock(at) });
  tickOne(card);
}

// What the page says first: where the person is checked in.
function showWhereNow() {
  const lines = [...document.querySelectorAll(CHECKED_IN)].map((card) => {
    const line = document.createElement("p");
    line.textContent = say("checked_in_now", { name: forWhom(card), time: clock(card.dataset.checkedInAt) });
    return line;
  });
  document.querySelector("[data-visits-now]")?.replaceChildren(...lines);
}

// The recipient's name, with the program where it is not the one that most hours are of.
function forWhom(card) {
  const name = card.querySelector("[data-recipient]").textContent;
  const program = card.querySelector("[data-program]")?.textContent;
  return !program || program === say("program_ihss") ? name : say("name_and_program", { name, program });
}

// Only the state that holds is in the page. The other one waits in a <template>, so that nobody finds two
// places to choose.
function present(card, state, isHeld) {
  const part = card.querySelector(`[data-visit-state="${state}"]`);
  if (isHeld === !(part instanceof HTMLTemplateElement)) return;
  const next = document.createElement(isHeld ? "div" : "template");
  next.dataset.visitState = state;
  next.hidden = !isHeld;
  if (isHeld) next.append(part.content);
  else next.content.append(...part.childNodes);
  part.replaceWith(next);
}

function answered({ item, ...answer }) {
  const { event } = item;
  if (event.kind === "position") return placed(event, answer);
  if (!VISIT_KINDS.has(event.kind)) return;
  mirrored(event, false); // the worker may have sent it while this page was loading
  const card = cardOfEvent(event.id);
  if (!card) return;
  if (answer.result === "received") {
    speak(card, received(answer));
    showChange(card, answer.facts);
  } else if (answer.result !== "keep") {
    flip(card, card.dataset.before ? "check-in" : "check-out", card.dataset.before);
    speak(card, answer.message ?? say("refused"));
  }
}

// How the portal understands the place: at home, too vague to tell, about so far away.
function placed(event, { result, message }) {
  const card = cardOfEvent(event.data.event);
  if (card && result === "received" && message) placeOf(card).replaceChildren(message);
}

function received({ message, receipt }) {
  const told = say("received", { receipt });
  return message ? `${message} ${told}` : told;
}

function showChange(card, facts) {
  if (!facts?.timesheet_id) return;
  const link = card.querySelector("[data-visit-change]");
  link.href = `/timesheets/${facts.timesheet_id}`;
  link.hidden = false;
}

function offerUndo(card, event) {
  const left = UNDO_MINUTES * 60_000 - (Date.now() - Date.parse(event.made_at));
  if (left <= 0) return;
  const button = card.querySelector("[data-visit-undo]");
  button.hidden = false;
  setTimeout(() => {
    if (card.dataset.event === event.id) button.hidden = true;
  }, left);
}

async function undone(card) {
  try {
    await keep("undo", { event: card.dataset.event });
  } catch {
    speak(card, say("undo_not_saved"));
  }
}

function tick() {
  document.querySelectorAll(CHECKED_IN).forEach(tickOne);
}

function tickOne(card) {
  const { checkedInAt, clock: whose } = card.dataset;
  card.querySelector("[data-elapsed]").textContent = stretch(minutesSince(checkedInAt, whose !== "phone"));
}

function speak(card, words) {
  card.querySelector("[data-visit-status]").textContent = words;
}

function placeOf(card) {
  return card.querySelector("[data-place-status]");
}

function cardOf(element) {
  return element.closest("[data-visit-card]");
}

function cardOfEvent(id) {
  return document.querySelector(`[data-visit-card][data-event="${CSS.escape(id)}"]`);
}
