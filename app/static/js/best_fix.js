// Which of the places that a phone finds after a tap counts? The best within twenty seconds, and then no more: the
// phone is never watched for longer than one tap needs.

const PATIENCE = 20_000; // milliseconds after the tap
const GOOD_ENOUGH = 20; // metres; better than that tells the portal nothing new
const REASONS = { 1: "denied", 3: "timeout" };

// Resolves to {fix: {latitude, longitude, accuracy}} or {unavailable: "denied" | "unavailable" | "timeout"}; never
// throws. `onLeaving(listener)` calls the listener when the person turns away, and gives back how to stop that:
// a phone goes into the pocket right after the tap, and what was found until then counts.
export function bestFix(geolocation, onLeaving, { clock = () => performance.now() } = {}) {
  const tapped = clock();
  return new Promise((resolve) => {
    let [best, timer, watch, isOver] = [undefined, undefined, undefined, false];

    function end(reason) {
      if (isOver) return;
      isOver = true;
      clearTimeout(timer);
      stayHere();
      if (watch !== undefined) geolocation.clearWatch(watch);
      resolve(best ? { fix: best } : { unavailable: reason });
    }

    // The browser counts its own patience from the person's leave to look; hers may take longer than the search.
    function found({ coords: { latitude, longitude, accuracy } }) {
      if (!best || accuracy < best.accuracy) best = { latitude, longitude, accuracy };
      const left = tapped + PATIENCE - clock();
      if (best.accuracy <= GOOD_ENOUGH || left <= 0) end();
      else timer ??= setTimeout(end, left);
    }

    const stayHere = onLeaving(() => best && end());
    watch = geolocation.watchPosition(found, ({ code }) => end(REASONS[code] ?? "unavailable"), {
      enableHighAccuracy: true,
      timeout: PATIENCE,
      maximumAge: 0,
    });
    if (isOver) geolocation.clearWatch(watch);
  });
}
