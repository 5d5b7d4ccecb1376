// Submitting and signing need the network. What waits is sent first; offline the button says why it does not go on.

import { sendAll, unsent } from "./phone.js";
import { isReachable } from "./portal.js";
import { say } from "./words.js";

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
  await sendAll();
  const left = await unsent().catch(() => []);
  if (left.some((item) => item.state === "conflict")) return say("choose_first");
  if (left.some((item) => item.state === "waiting")) return say("send_first");
  // A form that is sent into nothing leaves the page, and takes along what was typed in it.
  return (await isReachable()) ? "" : say("needs_network");
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
