// The page that checks a receipt's file: on the portal, and in the shell without a network.

import { checkReceipt } from "./signed_receipt.js";
import { asHours } from "./sums.js";

const LANGUAGE = document.documentElement.lang || "en";
const ZONE = "America/Los_Angeles";
const INSTANT = new Intl.DateTimeFormat(LANGUAGE, { dateStyle: "long", timeStyle: "short", timeZone: ZONE });
const DAY = new Intl.DateTimeFormat(LANGUAGE, { dateStyle: "long", timeZone: "UTC" });

export function startCheckingReceipts() {
  for (const checker of document.querySelectorAll("[data-receipt-checker]")) {
    if (!globalThis.crypto?.subtle) continue;
    checker.querySelector("[data-receipt-no-script]").hidden = true;
    checker.querySelector("[data-receipt-field]").hidden = false;
    const field = checker.querySelector("[data-receipt-file]");
    field.addEventListener("change", () => checkFile(checker, field.files[0]));
  }
}

async function checkFile(checker, file) {
  if (!file) return;
  const said = JSON.parse(checker.querySelector("[data-receipt-words]").textContent);
  const text = await file.text();
  let { outcome, content } = await checkReceipt(text, said.keys);
  if (outcome === "unknown_key") {
    ({ outcome, content } = await checkReceipt(text, await newestKeys()));
  }
  for (const part of checker.querySelectorAll("[data-receipt-outcome]")) {
    part.hidden = part.dataset.receiptOutcome !== outcome;
  }
  show(checker.querySelector("[data-receipt-rows]"), content, said);
}

// A key that is newer than this page; none where there is no network.
async function newestKeys() {
  try {
    const answer = await fetch("/receipts/keys.json", { credentials: "omit" });
    return (await answer.json()).keys;
  } catch {
    return [];
  }
}

function show(list, content, said) {
  list.hidden = !content;
  if (!content) return list.replaceChildren();
  const rows = said.labels
    .filter(([name]) => content[name] !== null && content[name] !== undefined && content[name] !== false)
    .map(([name, label]) => row(label, words(name, content[name], said)));
  const days = (content.days ?? []).map(({ on, minutes }) => row(day(on), asHours(minutes)));
  list.replaceChildren(...rows, ...days);
}

function row(name, value) {
  const line = document.createElement("div");
  const [term, meaning] = ["dt", "dd"].map((tag) => document.createElement(tag));
  term.textContent = name;
  meaning.textContent = value;
  line.append(term, meaning);
  return line;
}

function words(name, value, said) {
  if (value === true) return said.yes;
  if (name === "minutes") return asHours(value);
  if (name.endsWith("_on")) return day(value);
  if (name.endsWith("_at") || name === "not_before") return INSTANT.format(new Date(value));
  return said.codes[name]?.[value] ?? String(value);
}

function day(on) {
  return DAY.format(Date.parse(`${on}T00:00Z`));
}
