// “Remove me from this phone”: what waits is sent first, or its owner says that it may be lost; then the portal
// lets the phone go, and only then is everything of hers wiped from it.

import { forgetMark } from "./losses.js";
import { owner, removeOwner, sendAll, unsent } from "./phone.js";
import { say, sayCount } from "./words.js";

export function startLeavingPhone() {
  const form = document.querySelector("form[data-leave-phone]");
  if (!form) return;
  showUnsent(form);
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const button = form.querySelector("button");
    button.disabled = true;
    speak(form, await whatStandsInTheWay(form));
    button.disabled = false;
  });
}

// Leaves, or resolves to the words that say why not.
async function whatStandsInTheWay(form) {
  await sendAll();
  if ((await showUnsent(form)) > 0 && !form.elements.lose.checked) return say("leave_unsent");
  const address = await letGo(form).catch(() => undefined);
  if (address === undefined) return say(navigator.onLine ? "leave_failed" : "needs_network");
  try {
    await removeOwner();
    forgetMark((await owner).account);
  } catch (error) {
    console.warn(error);
    return say("leave_not_wiped");
  }
  location.replace(address);
  return "";
}

// The portal signs her out and trusts this phone no more; resolves to the page to go on with.
async function letGo(form) {
  const headers = { Accept: "application/json" };
  const answer = await fetch(form.action, { method: "POST", headers, body: new FormData(form) });
  return (await answer.json()).location;
}

// How many things would be lost; says so on the page.
async function showUnsent(form) {
  const count = (await unsent().catch(() => [])).filter(({ event }) => event?.kind !== "position").length;
  form.querySelector("[data-leave-unsent]").hidden = count === 0;
  if (count > 0) form.querySelector("[data-leave-count]").textContent = sayCount("leave_waits", count);
  return count;
}

function speak(form, words) {
  form.querySelector("[data-leave-status]").textContent = words;
}
