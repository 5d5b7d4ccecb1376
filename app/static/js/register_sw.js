// Starts the service worker, which opens the pages and sends the outbox when there is no page to do it.

export async function registerWorker() {
  if (!navigator.serviceWorker) return;
  await navigator.serviceWorker.register("/sw.js", {
    type: "module",
    scope: "/",
    updateViaCache: "none",
  });
}
