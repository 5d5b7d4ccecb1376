// What has not reached the portal yet? One line at the foot of every page, and a list behind it.

import { clock, dayName, dayOf } from "./moments.js";
import { discard, isBusy, knownFacts, lastEnd, onPhone, owner, sendNow, unsent } from "./phone.js";
import { say, sayCount } from "./words.js";
import { outboxStore } from "../sw/outbox_store.js";

const line = document.querySelector("[data-outbox-line]");
const part = (name) => line.querySelector(`[data-outbox-${name}]`);

const PATIENCE = 500; // milliseconds for which the line may wait until the phone has nothing better to do

let receivedAt;
let isDue = false;

export function startOutboxLine() {
  if (!line) return;
  part("send").addEventListener("click", () => sendNow());
  part("open").addEventListener("toggle", showSoon);
  onPhone((message) => {
    const isReceipt = message.outcomes?.some((outcome) => outcome.result === "received");
    if (isReceipt) receivedAt = new Date();
    showSoon();
  });
  addEventListener("online", showSoon);
  addEventListener("offline", showSoon);
  show();
}

// A tap is answered first, and a burst of news is one look.
function showSoon() {
  if (isDue) return;
  isDue = true;
  const look = () => {
    isDue = false;
    show();
  };
  if ("requestIdleCallback" in globalThis) requestIdleCallback(look, { timeout: PATIENCE });
  else setTimeout(look, PATIENCE / 5);
}

async function show() {
  try {
    const items = await unsent();
    const settled = items.filter((item) => item.state === "conflict" || item.state === "refused");
    const waiting = items.filter((item) => !settled.includes(item));
    const needsSignIn = waiting.length > 0 && lastEnd === "sign_in";
    line.dataset.state = settled.length > 0 || needsSignIn ? "attention" : waiting.length > 0 ? "waiting" : "clear";
    part("text").textContent = await lineWords(waiting, settled);
    part("sign-in").hidden = !needsSignIn;
    part("sign-in").textContent = sayCount(`sign_in_${nounOf(waiting)}`, countOf(waiting));
    part("sign-in").href = `/sign-in?next=${encodeURIComponent(location.pathname)}`;
    part("send").hidden = waiting.length === 0 || needsSignIn || isBusy();
    part("open").hidden = items.length === 0;
    if (part("open").open) part("list").replaceChildren(...(await listed(items)));
  } catch {
    line.dataset.state = "attention";
    part("text").textContent = say("phone_keeps_nothing");
  }
}

async function lineWords(waiting, settled) {
  const said = [];
  if (settled.length > 0) said.push(sayCount("needs_you", settled.length));
  if (waiting.length > 0) {
    said.push(sayCount(`waiting_${nounOf(waiting)}`, countOf(waiting)));
    said.push(say(navigator.onLine ? "will_be_sent_soon" : "will_be_sent_online"));
  }
  const others = await countOfOthers();
  if (others > 0) said.push(sayCount("others_wait", others));
  if (said.length > 0) return said.join(" ");
  if (receivedAt) return say("all_received_at", { time: clock(receivedAt) });
  return "offline" in document.body.dataset ? say("all_received") : "";
}

// What somebody else wrote on this phone waits until she signs in; it is counted, not shown.
async function countOfOthers() {
  const mine = (await owner)?.account;
  return (await outboxStore.all()).filter((row) => row.account !== mine).length;
}

// A place goes with its tap and is not counted beside it.
function countOf(waiting) {
  return counted(waiting).length;
}

function counted(waiting) {
  const acts = waiting.filter((item) => item.event?.kind !== "position");
  return acts.length > 0 ? acts : waiting;
}

function nounOf(waiting) {
  const kinds = new Set(counted(waiting).map((item) => item.event?.kind));
  const nouns = { "check-in": "check_in", "check-out": "check_out", entry: "day" };
  return (kinds.size === 1 && nouns[[...kinds][0]]) || "item";
}

async function listed(items) {
  const facts = await knownFacts();
  return counted(items).map((item) => listItem(item, facts));
}

function listItem(item, facts) {
  const entry = document.getElementById("outbox-item").content.firstElementChild.cloneNode(true);
  const find = (name) => entry.querySelector(`[data-item-${name}]`);
  find("text").textContent = itemWords(item, facts);
  find("reason").textContent = reasonFor(item);
  if (item.event?.kind === "entry") {
    find("link").href = `/timesheets/${item.event.data.timesheet}`;
    find("link").hidden = false;
  }
  if (item.state === "refused") {
    find("dismiss").hidden = false;
    find("dismiss").addEventListener("click", () => discard(item.seq));
  }
  return entry;
}

function itemWords({ event }, facts) {
  if (!event) return say("item_unreadable");
  if (event.kind === "entry") return say("item_day", { day: dayName(event.data.on) });
  const name = facts?.cards.find((card) => card.assignment === event.data.assignment)?.recipient;
  const when = { day: dayName(dayOf(event.made_at)), time: clock(event.made_at), name };
  const key = `item_${event.kind.replace("-", "_")}`;
  return say(name ? `${key}_for` : key, when);
}

function reasonFor({ state, answer }) {
  if (state === "refused") return answer.message ?? say("refused");
  if (state === "conflict") return say("day_conflict");
  return state === "unreadable" ? say("item_unreadable_reason") : say("item_waiting");
}
