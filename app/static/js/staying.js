// May the browser throw away what this phone keeps? Asked not to once there is something to keep, or once the portal
// is installed: never on a first look around, when nobody could know what for.

const A_DAY = 24 * 60 * 60 * 1000; // milliseconds; some browsers ask the person each time
const ASKED = "carehours.asked-to-stay";

export function startStaying() {
  addEventListener("appinstalled", () => askToStay());
}

export async function askToStay() {
  try {
    if (Date.now() - Number(localStorage.getItem(ASKED)) < A_DAY) return;
    localStorage.setItem(ASKED, String(Date.now()));
    if (!(await navigator.storage.persisted())) await navigator.storage.persist();
  } catch {
    // A browser without it keeps things as long as it likes: the line at the foot of the page tells what waits.
  }
}
