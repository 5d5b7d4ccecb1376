// What must the phone know before the network is gone? Fetched for accounts that work offline, and sealed.

import { anchors, memory } from "../sw/drain.js";
import { onPhone, owner } from "./phone.js";

// After these the portal knows more than the phone can tell by itself: what a day came to, what is left.
const CHANGES_HOURS = new Set(["check-out", "entry", "undo"]);

export function startFacts() {
  if (!("offline" in document.body.dataset)) return;
  refresh();
  onPhone((message) => {
    const isNews = message.outcomes?.some(
      ({ result, item }) => result === "received" && CHANGES_HOURS.has(item.event.kind),
    );
    if (isNews) refresh();
  });
  document.addEventListener("submit", (event) => {
    if (event.target.matches("[data-sign-out]")) forgetBefore(event);
  });
}

let asking;

// One request at a time; what arrives meanwhile is in the next one.
function refresh() {
  asking ??= fetchFacts()
    .catch(() => undefined)
    .finally(() => {
      asking = undefined;
    });
}

async function fetchFacts() {
  const { account } = await owner;
  const response = await fetch("/offline/facts", { credentials: "same-origin", redirect: "error" });
  if (!response.ok) return;
  const facts = await response.json();
  await anchors.hear(facts.anchor);
  if (facts.seal_to) await memory.noteSealTo(facts.seal_to);
  if (facts.account.id === account) await memory.noteFacts(account, facts);
}

// At sign-out the phone forgets what the cards and the sheet showed; what waits to be sent stays.
function forgetBefore(event) {
  const form = event.target;
  event.preventDefault();
  owner
    .then(({ account }) => memory.forget(account))
    .catch(() => undefined)
    .finally(() => form.submit());
}
