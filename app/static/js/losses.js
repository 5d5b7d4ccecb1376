// Has the browser thrown away what this phone kept? It may, where room is short or a person cleans up; then she must
// hear of it, for a tap without a network may be gone.
//
// Two things outlive the database: the portal knows that this browser's device had a key, and a mark lies beside it.

import { owner } from "./phone.js";
import { memory, vault } from "../sw/drain.js";

const mark = (account) => `carehours.keeps.${account}`;

// To be asked before anything makes new keys. What was lost is said by the outbox line until somebody has looked.
export async function noticeLoss() {
  const here = await owner;
  if (!here || !("offline" in document.body.dataset)) return;
  const { account } = here;
  const isLost = !(await vault.knows(account)) && ("device" in document.body.dataset || isMarked(account));
  if (isLost) await memory.noteLost(new Date().toISOString());
}

// To be said once keys were made: a page that is left before has kept nothing, and nothing of it can be lost.
export async function markKept() {
  const here = await owner;
  if (here && "offline" in document.body.dataset && (await vault.knows(here.account))) setMark(here.account);
}

// She leaves this phone for good: what is gone then is not lost.
export function forgetMark(account) {
  try {
    localStorage.removeItem(mark(account));
  } catch {
    // no storage, no mark
  }
}

function isMarked(account) {
  try {
    return localStorage.getItem(mark(account)) !== null;
  } catch {
    return false;
  }
}

function setMark(account) {
  try {
    localStorage.setItem(mark(account), "");
  } catch {
    // the portal's word on the device is left
  }
}
