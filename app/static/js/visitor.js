// What somebody needs who is not signed in: the cards of her own phone, where it knows her, and a way in. Pages of
// whoever is signed in have app.js, on which nothing comes a moment late.

import { startOutboxLine } from "./outbox_line.js";
import { knownFacts, noteWhoIsHere, prepareForTaps, sendWheneverPossible } from "./phone.js";
import { registerWorker } from "./register_sw.js";
import { startStaying } from "./staying.js";

// What stands behind these is hidden until it is ready, and fetched by pages that have it.
const BEHIND_HOOKS = [
  ["[data-passkey-sign-in], [data-passkey-enroll]", () => import("./passkeys.js"), "startPasskeys"],
  ["[data-show-password]", () => import("./show_password.js"), "startShowingPasswords"],
  ["[data-receipt-checker]", () => import("./receipt_check.js"), "startCheckingReceipts"],
];

startStaying();
for (const [hook, load, begin] of BEHIND_HOOKS) startWhere(hook, load, begin).catch(report);
await noteWhoIsHere().catch(report);
await prepareForTaps().catch(report);
await fillCards().catch(report);
startOutboxLine();
sendWheneverPossible();
registerWorker().catch(report);

async function startWhere(hook, load, begin) {
  if (!document.querySelector(hook)) return;
  const behaviour = await load();
  await behaviour[begin]();
}

// On a phone that knows somebody a tap needs no sign-in.
async function fillCards() {
  if (!document.querySelector("[data-phone-cards]") || !(await knownFacts())) return;
  const [cards, shell] = await Promise.all([import("./visit_card.js"), import("./offline_shell.js")]);
  cards.startVisitCards();
  await shell.fillFromPhone();
  await cards.showUnsentVisits();
}

// Each behaviour fails alone, and none of them takes the page down: every form works without scripts.
function report(error) {
  console.warn(error);
}
