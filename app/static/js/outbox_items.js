// How does one thing look in the list behind the outbox line: what it is, how far it has come, what a person can do?

import { conflictOf } from "./day_versions.js";
import { clock, dayName, dayOf } from "./moments.js";
import { progressOf } from "./outbox_states.js";
import { discard, keep, takeTheirs } from "./phone.js";
import { say } from "./words.js";

// Something that has not been received; `facts` give the names.
export function waitingItem(item, facts) {
  const { entry, find } = blank(progressOf(item));
  find("text").textContent = item.event ? wordsOf(item.event, facts) : say("item_unreadable");
  find("reason").textContent = reasonFor(item);
  if (item.event?.kind === "entry") linkToSheet(find("link"), item.event);
  if (item.state === "conflict" && item.answer.theirs) showVersions(find("versions"), item);
  if (item.state === "refused") {
    find("dismiss").hidden = false;
    find("dismiss").addEventListener("click", () => discard(item.seq));
  }
  return entry;
}

// Something that was received a while ago.
export function receivedItem(receipt, facts) {
  const { entry, find } = blank("received");
  find("text").textContent = wordsOf(receipt, facts);
  find("reason").textContent = say("item_received", {
    receipt: receipt.receipt,
    day: dayName(dayOf(receipt.received_at)),
    time: clock(receipt.received_at),
  });
  find("receipt").href = `/receipts/${encodeURIComponent(receipt.receipt)}`;
  find("receipt").hidden = false;
  return entry;
}

function blank(state) {
  const entry = document.getElementById("outbox-item").content.firstElementChild.cloneNode(true);
  entry.dataset.itemState = state;
  return { entry, find: (name) => entry.querySelector(`[data-item-${name}]`) };
}

function linkToSheet(link, { data }) {
  link.href = `/timesheets/${data.timesheet}`;
  link.hidden = false;
}

// Both versions, side by side; the new edit stands for the one in conflict.
function showVersions(place, { seq, event, answer: { theirs } }) {
  const choice = conflictOf(event.data, theirs);
  const once = (name, act) =>
    choice.querySelector(`[data-${name}]`).addEventListener("click", act, { once: true });
  once("keep-mine", () => keep("entry", { ...event.data, base: theirs.revision }).catch(console.warn));
  once("use-theirs", () => takeTheirs({ seq, event }, theirs).catch(console.warn));
  place.replaceChildren(choice);
}

function wordsOf({ kind, made_at: at, data }, facts) {
  if (kind === "entry") return say("item_day", { day: dayName(data.on) });
  const name = facts?.cards.find((card) => card.assignment === data.assignment)?.recipient;
  const when = { day: dayName(dayOf(at)), time: clock(at), name };
  const key = `item_${kind.replace("-", "_")}`;
  return say(name ? `${key}_for` : key, when);
}

function reasonFor(item) {
  if (item.state === "refused") return item.answer.message ?? say("refused");
  if (item.state === "conflict") return ""; // the two versions say it themselves
  if (item.state === "unreadable") return say("item_unreadable_reason");
  return say(progressOf(item) === "sending" ? "item_sending" : "item_saved");
}
