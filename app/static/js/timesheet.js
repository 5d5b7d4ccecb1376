// The hours as they are typed: each change kept on the phone, then sent, and each day says which.

import { clock } from "./moments.js";
import { keep, onPhone, sendAll, sendUnkept, takeTheirs, unsent } from "./phone.js";
import { conflictOf, describe } from "./day_versions.js";
import { readDay, showSummary, writeDay } from "./day_fields.js";
import { askedBack } from "./day_questions.js";
import { startFilling } from "./fill_days.js";
import { showWords } from "./press.js";
import { showSums } from "./sheet_totals.js";
import { say } from "./words.js";

const TYPING_PAUSE = 500; // milliseconds; a time field changes once for each part of it that is typed

export function startTimesheets() {
  document.addEventListener("input", (event) => {
    const sheet = event.target.matches("[data-field]") && event.target.closest("[data-sheet]");
    if (sheet) showSums(sheet);
  });
  document.addEventListener("change", (event) => {
    const row = event.target.matches("[data-field]") && event.target.closest("[data-day]");
    if (!row) return;
    showSummary(row);
    keepDay(row);
  });
  document.addEventListener("keydown", (event) => {
    const isNext = event.key === "Enter" && event.target.matches('[data-day] [data-field="minutes"]');
    if (isNext && event.target.closest("[data-sheet]")) goToNextDay(event);
  });
  document.addEventListener("click", (event) => {
    const row = event.target.matches("[data-take]") && event.target.closest("[data-day]");
    if (row) take(row, Number(event.target.dataset.take));
  });
  document.body.addEventListener("htmx:afterSwap", () => document.querySelectorAll("[data-sheet]").forEach(showSums));
  startFilling(keepDay);
  document.addEventListener("submit", (event) => {
    const sheet = event.target.closest("form[data-sheet]");
    const isSave = !event.submitter || event.submitter.matches("[data-save]");
    if (!sheet || !isSave) return;
    event.preventDefault();
    saveAll(sheet);
  });
  onPhone((message) => {
    if (message.type === "kept") mirrored(message.event);
    if (message.type === "answered") answered(message.outcomes);
    if (message.type === "resolved") resolved(message);
  });
  document.querySelectorAll("[data-sheet]").forEach(takeUp);
}

// Notes what each day holds as it stands, so that only a change is kept.
export function takeUp(sheet) {
  rowsOf(sheet).forEach(note);
}

// What this phone holds but the portal has not received yet stands above what the page says.
export async function showUnsentDays() {
  for (const item of await unsent().catch(() => [])) {
    if (item.event?.kind !== "entry") continue;
    mirrored(item.event);
    const row = rowOf(item.event);
    if (row && item.state !== "waiting") showAnswer(row, { item, result: item.state, ...item.answer });
  }
}

// Enter leads on to the next day, as in a column of figures; after the last one to Save.
function goToNextDay(event) {
  event.preventDefault();
  const rows = rowsOf(event.target.closest("[data-sheet]"));
  const next = rows[rows.indexOf(event.target.closest("[data-day]")) + 1];
  const sheet = event.target.closest("[data-sheet]");
  const field = next ? fieldOf(next) : sheet.querySelector('[data-save]:not([tabindex="-1"])');
  field?.focus();
  if (next) field.select();
  else event.target.blur();
}

// One tap takes over what was asked: the usual hours, or what a figure probably meant.
function take(row, minutes) {
  writeDay(row, { ...readDay(row).values, minutes });
  fieldOf(row).focus();
  showSums(sheetOf(row));
  keepDay(row);
}

async function keepDay(row) {
  const { values, problem } = readDay(row);
  if (problem) return mark(row, say(problem.code, problem.facts), askedBack(problem));
  unmark(row);
  if (JSON.stringify(values) === row.dataset.kept) return;
  note(row);
  const at = new Date();
  const data = () => ({
    timesheet: Number(sheetOf(row).dataset.timesheet),
    on: row.dataset.on,
    base: Number(row.dataset.revision),
    ...values,
  });
  try {
    await keep("entry", data, { at, pause: TYPING_PAUSE });
  } catch (notKept) {
    await sendWithoutKeeping(row, notKept);
  }
}

async function sendWithoutKeeping(row, { event, isFull }) {
  speak(row, say(isFull ? "phone_full_sending" : "cannot_keep_sending"));
  const outcome = await sendUnkept(event);
  if (outcome.result === "keep") {
    delete row.dataset.kept;
    mark(row, say("day_not_saved"));
  } else {
    row.dataset.event = event.id;
    showAnswer(row, outcome);
  }
}

async function saveAll(sheet) {
  const rows = rowsOf(sheet);
  await Promise.all(rows.map(keepDay));
  sheet.querySelector('[aria-invalid="true"]')?.focus();
  await sendAll();
}

// An edit of this day that was kept here, in another tab, or before this page was opened.
function mirrored(event, isKept = true) {
  const row = event.kind === "entry" && rowOf(event);
  if (!row || row.dataset.event === event.id) return;
  if (!isKept && "keptHere" in row.dataset) return; // the day shows a later edit
  if (isKept) row.dataset.keptHere = "";
  if (event.data.base > Number(row.dataset.revision)) setRevision(row, event.data.base); // chosen elsewhere
  if (!row.contains(document.activeElement)) {
    writeDay(row, event.data);
    note(row);
  }
  showKept(row, event);
  showSums(sheetOf(row));
}

function showKept(row, event) {
  row.dataset.event = event.id;
  row.querySelector(".day-conflict")?.remove();
  speak(row, say("day_on_phone"));
}

function answered(outcomes) {
  const sheets = new Set();
  for (const outcome of outcomes) {
    const row = outcome.item.event.kind === "entry" && rowOf(outcome.item.event);
    if (!row) continue;
    showAnswer(row, outcome);
    if (outcome.result === "received") sheets.add(sheetOf(row));
  }
  if (sheets.size > 0) document.body.dispatchEvent(new CustomEvent("portal:received"));
}

function showAnswer(row, { item, result, facts, theirs, message }) {
  mirrored(item.event, false); // the worker may have sent it while this page was loading
  const isLatest = row.dataset.event === item.event.id;
  if (result === "received") {
    setRevision(row, facts?.revision);
    if (isLatest) speak(row, say("day_on_portal", { time: clock(new Date()) }));
  } else if (!isLatest) {
    return;
  } else if (result === "conflict" && theirs) {
    showConflict(row, item, theirs);
  } else if (result !== "keep") {
    mark(row, message ?? say("refused"));
  }
}

function showConflict(row, item, theirs) {
  const choice = conflictOf(item.event.data, theirs);
  choice.querySelector("[data-keep-mine]").addEventListener("click", async () => {
    choice.remove();
    setRevision(row, theirs.revision);
    delete row.dataset.kept;
    await keepDay(row); // the new edit stands for the one in conflict
  });
  choice.querySelector("[data-use-theirs]").addEventListener("click", () => takeTheirs(item, theirs));
  row.querySelector(".day-conflict")?.remove();
  row.append(choice);
  speak(row, say("day_conflict"));
}

// Somebody chose the portal's version, here or in the line at the foot of a page.
function resolved({ event, theirs }) {
  const row = rowOf(event);
  if (!row) return;
  row.querySelector(".day-conflict")?.remove();
  setRevision(row, theirs.revision);
  writeDay(row, theirs);
  note(row);
  speak(row, say("day_theirs", { version: describe(theirs) }));
  showSums(sheetOf(row));
  document.body.dispatchEvent(new CustomEvent("portal:received"));
}

function setRevision(row, revision) {
  if (revision === undefined) return;
  row.dataset.revision = revision;
  const plain = row.querySelector('input[type="hidden"][name^="revision"]');
  if (plain) plain.value = revision; // what a plain Save would send
}

function note(row) {
  const { values } = readDay(row);
  row.dataset.kept = JSON.stringify(values);
}

// A word about what was typed, which is not kept as it stands.
function mark(row, words, more) {
  fieldOf(row).setAttribute("aria-invalid", "true");
  speak(row, words, more);
}

function unmark(row) {
  if (!fieldOf(row).hasAttribute("aria-invalid")) return;
  fieldOf(row).removeAttribute("aria-invalid");
  speak(row, "");
}

function fieldOf(row) {
  return row.querySelector('[data-field="minutes"]');
}

function speak(row, words, more) {
  showWords(row.querySelector("[data-day-status]"), words, more);
}

function rowsOf(sheet) {
  return [...sheet.querySelectorAll("[data-day]")].filter(
    (row) => row.querySelector('[data-field="minutes"]:enabled') !== null,
  );
}

function rowOf({ data }) {
  return document.querySelector(
    `[data-sheet][data-timesheet="${data.timesheet}"] [data-day][data-on="${data.on}"]`,
  );
}

function sheetOf(row) {
  return row.closest("[data-sheet]");
}
