// Where was the phone at a tap? Asked for Home only and only at the tap; every outcome is told for what it is, and
// none of them holds the tap up.

import { bestFix } from "./best_fix.js";
import { keep } from "./phone.js";
import { say } from "./words.js";
import { memory } from "../sw/drain.js";
import { openPlace, readSealTo, sealedPlace } from "../sw/place_box.js";

// Looks for the place of a tap that was kept, keeps one event of it, and shows in words what came of it.
export async function tellPlace(element, tap) {
  if (navigator.geolocation) element.replaceChildren(say("place_looking"));
  const { fix, unavailable } = await placeNow();
  try {
    await keep("position", fix ? await asData(tap, fix) : { event: tap, unavailable });
    element.replaceChildren(say(fix ? "place_noted" : `place_${unavailable}`));
  } catch {
    element.replaceChildren();
  }
}

async function placeNow() {
  if (!navigator.geolocation) return { unavailable: "unavailable" };
  return bestFix(navigator.geolocation, (listener) => {
    const left = () => document.visibilityState === "hidden" && listener();
    document.addEventListener("visibilitychange", left);
    return () => document.removeEventListener("visibilitychange", left);
  });
}

// Sealed for the portal alone, where its key is known: from the page, or from an earlier one.
async function asData(tap, fix) {
  try {
    const sealTo = readSealTo(document.body.dataset.sealTo) ?? (await memory.sealTo());
    return sealTo ? await sealedPlace(tap, fix, sealTo) : openPlace(tap, fix);
  } catch (error) {
    console.warn(error);
    return openPlace(tap, fix); // the outbox seals it all the same
  }
}
