// What lies ahead of the sheet as it is typed: remarks, what would follow, the smallest change, what is left of the
// month, the pay. Drawn anew into what the portal drew (timesheets/_forecast.html).

import { findingsOf, movedWeeks, payOf, prospectsOf, smallestChange } from "./forecast.js";
import { today } from "./moments.js";
import { findingInWords, hoursInWords, saidOf } from "./said_facts.js";
import { asHours } from "./sums.js";
import { say } from "./words.js";

const MONEY = new Intl.NumberFormat(document.documentElement.lang || "en", { style: "currency", currency: "USD" });
const UNSAID = new Set(["NO_HOURS"]); // a sheet that is not begun is no mistake

// `facts` are the portal's of this sheet, `days` [{on, minutes}] as they stand in the fields.
export function showForecast(sheet, facts, days) {
  if (!facts.violations) return; // kept by an older release, which knew no more than the sums
  const findings = findingsOf(facts, days, today());
  showRemarks(sheet, findings.filter(({ code }) => !UNSAID.has(code)));
  showList(sheet, "consequences", consequences(facts, findings));
  showList(sheet, "changes", smallestChange(facts, days, today()).map(changeInWords));
  showMonth(sheet, facts, days);
  showPay(sheet, payOf(facts, days));
}

// A remark that says the same as before stays where it is, with what the portal put into it.
function showRemarks(sheet, findings) {
  const place = sheet.querySelector("[data-remarks]");
  if (!place) return;
  const standing = [...place.children];
  const wanted = findings.map((finding) => {
    const words = findingInWords(finding);
    const same = standing.find((one) => one.dataset.remark === finding.code && one.textContent.includes(words));
    return same ?? remark(finding, words);
  });
  const isSame = wanted.length === standing.length && wanted.every((one, place) => one === standing[place]);
  if (!isSame) place.replaceChildren(...wanted);
}

function remark({ code, kind }, words) {
  const copy = document.getElementById(`remark-${kind}`).content.firstElementChild.cloneNode(true);
  copy.dataset.remark = code;
  const texts = document.createTreeWalker(copy, NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) {
    const text = texts.currentNode;
    text.data = text.data.replace("__CODE__", code).replace("__WORDS__", () => words);
  }
  return copy;
}

function consequences(facts, findings) {
  const prospects = prospectsOf(facts, findings);
  const disputed = prospects.find(({ facts: dates }) => dates.dispute_by_date);
  return [
    ...movedWeeks(findings),
    ...prospects,
    ...(disputed ? [{ code: "VIOLATION_DISPUTE", facts: disputed.facts }] : []),
  ].map(saidOf);
}

function changeInWords({ on, from, to }) {
  return saidOf({ code: "CHANGE_OF_DAY", facts: { on, before: asHours(from), within: asHours(to) } });
}

function showList(sheet, name, sentences) {
  const list = sheet.querySelector(`[data-${name}-list]`);
  if (!list) return;
  const items = sentences.map((words) => Object.assign(document.createElement("li"), { textContent: words }));
  if (list.textContent !== sentences.join("")) list.replaceChildren(...items);
  list.closest(`[data-${name}]`).hidden = sentences.length === 0;
}

function showMonth(sheet, { month: { recipient, assigned }, name }, days) {
  const total = days.reduce((minutes, day) => minutes + (day.minutes ?? 0), 0);
  const left = (balance) => hoursInWords(Math.max(0, balance.left - total));
  write(sheet, "[data-month-recipient]", say("month_left_recipient", { left: left(recipient), name }));
  const isLess = assigned.left < recipient.left;
  write(sheet, "[data-month-assigned]", isLess ? say("month_left_assigned", { left: left(assigned) }) : "");
}

function showPay(sheet, pay) {
  const card = sheet.querySelector("[data-pay]");
  if (!card) return;
  card.hidden = !pay?.cents;
  if (card.hidden) return;
  const hours = { regular: asHours(pay.regular), overtime: asHours(pay.overtime) };
  write(card, "[data-pay-cents]", MONEY.format(pay.cents / 100));
  write(card, "[data-pay-hours]", say(pay.overtime > 0 ? "pay_hours_overtime" : "pay_hours", hours));
}

function write(within, selector, words) {
  for (const element of within.querySelectorAll(selector)) {
    if (element.textContent !== words) element.textContent = words;
    element.hidden = words === "";
  }
}
