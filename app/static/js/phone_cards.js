// The visit cards and the sheet as this phone knows them, drawn from the page's own templates where the portal
// cannot draw them: in the shell, and for somebody who is signed out on her own phone.

import { dateName, dayName, dayShort, periodName } from "./moments.js";
import { knownFacts, owner, unsent } from "./phone.js";
import { writeDay } from "./day_fields.js";
import { weekOf } from "./sums.js";
import { stand } from "./visit_card.js";
import { say } from "./words.js";
import { withEvent } from "../sw/phone_facts.js";

// The portal's facts with everything on top that this phone has not sent yet; undefined where none are kept.
export async function factsHere() {
  const facts = await knownFacts();
  if (!facts) return undefined;
  const waiting = (await unsent()).filter((item) => item.state === "waiting");
  return waiting.reduce((seen, item) => withEvent(seen, item.event), facts);
}

export async function fillCards(place, facts) {
  const { name } = await owner;
  place.replaceChildren(...facts.cards.filter((card) => !card.live_in).map((card) => cardFor(card, name)));
  place.hidden = false;
}

function cardFor({ assignment, recipient, program, checked_in_at: at, default_location: location }, name) {
  const card = fromTemplate("visit-card", assignment);
  card.dataset.assignment = assignment;
  stand(card, at ?? "");
  card.querySelector("[data-recipient]").textContent = recipient;
  const paidBy = card.querySelector("[data-program]");
  paidBy.textContent = say(`program_${program}`);
  paidBy.hidden = false;
  const whose = card.querySelector("[data-account-of]");
  whose.textContent = say("account_of", { name });
  whose.hidden = false;
  for (const form of findIn(card, "[data-visit-form]")) form.dataset.assignment = assignment;
  for (const radio of findIn(card, '[name="location"]')) radio.checked = radio.value === location;
  return card;
}

export function linksToSheets({ sheets }) {
  return sheets.map((sheet) => {
    const [item, link] = [document.createElement("li"), document.createElement("a")];
    link.href = `/timesheets/${sheet.id}`;
    link.textContent = sheetTitle(sheet);
    item.append(link);
    return item;
  });
}

export function sheetTitle({ recipient, period }) {
  return say("sheet_title", { name: recipient, period: periodName(period) });
}

// The sheet as a form of weeks and days, in the same markup as the portal's own page.
export function sheetFor(facts) {
  const sheet = fromTemplate("phone-sheet", facts.id);
  sheet.dataset.timesheet = facts.id;
  sheet.querySelector("[data-phone-weeks]").replaceChildren(
    ...facts.weeks.map((week) => weekFor(week, facts.days)),
  );
  sheet.querySelector("[data-phone-fill]").hidden = !facts.live_in;
  return sheet;
}

function weekFor({ starts_on: sunday }, days) {
  const week = fromTemplate("phone-week", sunday);
  week.dataset.week = sunday;
  week.querySelector("[data-week-title]").textContent = say("week_title", { day: dateName(sunday) });
  const inWeek = days.filter((day) => weekOf(day.on) === sunday);
  week.querySelector("[data-phone-days]").replaceChildren(...inWeek.map(dayFor));
  return week;
}

function dayFor(day) {
  const row = fromTemplate("phone-day", day.on);
  Object.assign(row.dataset, { on: day.on, revision: day.revision, label: dayName(day.on) });
  row.querySelector("[data-day-short]").textContent = dayShort(day.on);
  row.querySelector("[data-day-label]").textContent = dayName(day.on);
  writeDay(row, day);
  for (const field of row.querySelectorAll("[data-field]")) field.disabled = !day.editable;
  return row;
}

// A copy of a template's one element, with __ID__ in its addresses made unique.
function fromTemplate(id, unique) {
  const copy = document.getElementById(id).content.firstElementChild.cloneNode(true);
  for (const element of [copy, ...findIn(copy, "*")]) {
    for (const { name, value } of [...element.attributes]) {
      if (value.includes("__ID__")) element.setAttribute(name, value.replaceAll("__ID__", unique));
    }
  }
  return copy;
}

// What matches in an element and in the templates inside it.
function findIn(element, selector) {
  const inner = [...element.querySelectorAll("template")].flatMap((one) => findIn(one.content, selector));
  return [...element.querySelectorAll(selector), ...inner];
}
