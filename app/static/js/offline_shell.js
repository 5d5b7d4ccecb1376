// The page when the network is gone: the worker answers with an empty shell, under the address that was asked for,
// and this fills it from the phone.

import { sendAll } from "./phone.js";
import { isReachable } from "./portal.js";
import { showSums } from "./sheet_totals.js";
import { takeUp } from "./timesheet.js";
import { factsHere, fillCards, linksToSheets, sheetFor, sheetTitle } from "./phone_cards.js";

// Fills the shell, or the signed-out landing; resolves when the page stands.
export async function fillFromPhone() {
  const facts = await factsHere().catch((error) => void console.warn(error));
  if ("offlineShell" in document.body.dataset) {
    await fillShell(facts);
    watchForTheNetwork();
  } else if (!document.body.dataset.account && facts) {
    const place = document.querySelector("[data-phone-cards]");
    if (place) await fillCards(place, facts);
  }
}

function fillShell(facts) {
  const timesheet = /^\/timesheets\/(\d+)$/.exec(location.pathname)?.[1];
  const sheet = facts?.sheets.find((one) => one.id === Number(timesheet));
  if (sheet) return fillSheet(part("sheet"), sheet);
  if (location.pathname === "/receipts/check") {
    part("receipt").hidden = false;
    return undefined;
  }
  if (location.pathname === "/" && facts) return fillHome(part("cards"), facts);
  part("absent").hidden = false;
}

function fillHome(home, facts) {
  home.hidden = false;
  home.querySelector("[data-phone-sheets]").replaceChildren(...linksToSheets(facts));
  return fillCards(home.querySelector("[data-phone-cards]"), facts);
}

function fillSheet(page, facts) {
  page.hidden = false;
  page.querySelector("[data-sheet-title]").textContent = sheetTitle(facts);
  const sheet = sheetFor(facts);
  page.querySelector("[data-phone-sheet]").replaceChildren(sheet);
  takeUp(sheet);
  return showSums(sheet);
}

// Back to the portal's own page as soon as it can be had, unless somebody is in the middle of a field.
function watchForTheNetwork() {
  for (const button of document.querySelectorAll("[data-try-again]")) {
    button.addEventListener("click", () => location.reload());
  }
  addEventListener("online", async () => {
    if (!(await isReachable())) return;
    await sendAll(); // so that the portal's page shows what was written here
    if (!document.activeElement?.matches("input, select, textarea")) location.reload();
  });
}

function part(name) {
  return document.querySelector(`[data-shell="${name}"]`);
}
