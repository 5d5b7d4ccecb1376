// What has not reached the portal yet, and what did last? One line at the foot of every page, and a list behind it.

import { clock } from "./moments.js";
import { noteProgress, progressOf } from "./outbox_states.js";
import { isBusy, knownFacts, lastEnd, onPhone, owner, receipts, sendNow, unsent } from "./phone.js";
import { say, sayCount } from "./words.js";
import { memory } from "../sw/drain.js";
import { outboxStore } from "../sw/outbox_store.js";

const line = document.querySelector("[data-outbox-line]");
const part = (name) => line.querySelector(`[data-outbox-${name}]`);

const PATIENCE = 500; // milliseconds for which the line may wait until the phone has nothing better to do

let receivedAt;
let isDue = false;

export function startOutboxLine() {
  if (!line) return;
  part("send").addEventListener("click", () => sendNow());
  part("looked").addEventListener("click", () => memory.noteLost(undefined).then(show, console.warn));
  part("open").addEventListener("toggle", showSoon);
  onPhone((message) => {
    noteProgress(message);
    if (message.outcomes?.some((outcome) => outcome.result === "received")) receivedAt = new Date();
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
    const [items, received, lostAt] = await Promise.all([unsent(), receipts(), memory.lostAt()]);
    const settled = items.filter((item) => item.state === "conflict" || item.state === "refused");
    const waiting = items.filter((item) => !settled.includes(item));
    const needsSignIn = waiting.length > 0 && lastEnd === "sign_in";
    const needsSomebody = settled.length > 0 || needsSignIn || lostAt !== undefined;
    line.dataset.state = needsSomebody ? "attention" : stateOf(waiting);
    part("text").textContent = await lineWords(waiting, settled, lostAt);
    part("sign-in").hidden = !needsSignIn;
    part("sign-in").textContent = sayCount(`sign_in_${nounOf(waiting)}`, countOf(waiting));
    part("sign-in").href = `/sign-in?next=${encodeURIComponent(location.pathname)}`;
    part("send").hidden = waiting.length === 0 || needsSignIn || isBusy();
    part("look").href = "/timesheets"; // said here: the page is also that of people who have none
    part("look").hidden = part("looked").hidden = lostAt === undefined;
    part("open").hidden = items.length === 0 && received.length === 0;
    if (!part("open").hidden) showList(items, received).catch(console.warn);
  } catch (error) {
    console.warn(error);
    line.dataset.state = "attention";
    part("text").textContent = say("phone_keeps_nothing");
  }
}

function stateOf(waiting) {
  if (waiting.length === 0) return "clear";
  return isOnItsWay(waiting) ? "sending" : "waiting";
}

function isOnItsWay(waiting) {
  return counted(waiting).every((item) => progressOf(item) === "sending");
}

async function lineWords(waiting, settled, lostAt) {
  const said = [];
  if (lostAt !== undefined) said.push(say("phone_lost"));
  if (settled.length > 0) said.push(sayCount("needs_you", settled.length));
  if (waiting.length > 0) said.push(...waitingWords(waiting));
  const others = await countOfOthers();
  if (others > 0) said.push(sayCount("others_wait", others));
  if (said.length > 0) return said.join(" ");
  if (receivedAt) return say("all_received_at", { time: clock(receivedAt) });
  return "offline" in document.body.dataset ? say("all_received") : "";
}

function waitingWords(waiting) {
  const [noun, count] = [nounOf(waiting), countOf(waiting)];
  if (isOnItsWay(waiting)) return [sayCount(`sending_${noun}`, count)];
  const soon = say(navigator.onLine ? "will_be_sent_soon" : "will_be_sent_online");
  return [sayCount(`waiting_${noun}`, count), soon];
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

let listed;
let drawing; // fetched as soon as there is something to list: the network may be gone when somebody opens it

// Drawn anew only where something has changed: somebody may be about to choose in it.
async function showList(items, received) {
  drawing ??= import("./outbox_items.js").finally(() => (drawing = undefined));
  const { receivedItem, waitingItem } = await drawing;
  if (!part("open").open) return;
  const seen = JSON.stringify([items.map((item) => [item, progressOf(item)]), received.map(({ id }) => id)]);
  if (seen === listed) return;
  const facts = await knownFacts();
  part("list").replaceChildren(
    ...counted(items).map((item) => waitingItem(item, facts)),
    ...received.map((receipt) => receivedItem(receipt, facts)),
  );
  listed = seen;
}
