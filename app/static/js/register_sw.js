// Starts the service worker, which opens the pages and sends the outbox when there is no page to do it.

export async function registerWorker() {
  if (!navigator.serviceWorker) return;
  // The worker itself is asked for anew; what it imports never changes under its address.
  await navigator.serviceWorker.register("/sw.js", { type: "module", scope: "/", updateViaCache: "imports" });
}
