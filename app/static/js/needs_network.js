// Submitting and signing need the network. What waits is sent first; offline the button says why it does not go on.

import { isBusy, sendNow, unsent } from "./phone.js";
import { say } from "./words.js";

const PATIENCE = 5_000; // milliseconds for the portal to show that it can be reached

export function startNeedingNetwork() {
  document.addEventListener("click", (event) => {
    const control = event.target.closest("[data-needs-network]");
    if (!control || control.dataset.goesOn === "once") return;
    event.preventDefault();
    goOnWhenPossible(control);
  });
}

async function goOnWhenPossible(control) {
  if (control.dataset.goesOn === "asking") return;
  control.dataset.goesOn = "asking";
  const words = await whatStandsInTheWay();
  noteAfter(control, words);
  control.dataset.goesOn = "once";
  if (!words) control.click();
  delete control.dataset.goesOn;
}

async function whatStandsInTheWay() {
  if (!navigator.onLine) return say("needs_network");
  const items = await unsent().catch(() => []);
  if (isBusy() || items.length > 0) await sendNow();
  const left = await unsent().catch(() => []);
  if (left.some((item) => item.state === "conflict")) return say("choose_first");
  if (left.some((item) => item.state === "waiting")) return say("send_first");
  return (await isReachable()) ? "" : say("needs_network");
}

// A form sent into nothing leaves the page; the smallest question first shows that somebody answers.
async function isReachable() {
  try {
    return (await fetch("/livez", { cache: "no-store", signal: AbortSignal.timeout(PATIENCE) })).ok;
  } catch {
    return false;
  }
}

function noteAfter(control, words) {
  let note = control.nextElementSibling;
  if (!note?.matches("[data-network-note]")) {
    note = document.createElement("p");
    note.dataset.networkNote = "";
    note.setAttribute("role", "status");
    control.after(note);
  }
  note.textContent = words;
}
