// How far has each thing come: saved on this phone, being sent, or waiting for a person to decide?

const FORGOTTEN = 35_000; // milliseconds; whoever sent it and never said how it ended is not sending any more

const sending = new Map(); // event id → until when it is believed

// Hears what page, other pages and worker say about sending.
export function noteProgress(message) {
  if (message.type === "sending") message.ids.forEach((id) => sending.set(id, Date.now() + FORGOTTEN));
  if (message.type === "answered") message.outcomes.forEach(({ item }) => sending.delete(item.event.id));
  if (message.type === "ended") sending.clear();
}

// "saved", "sending", "conflict", "refused" or "unreadable".
export function progressOf({ state, event }) {
  if (state !== "waiting") return state;
  return sending.get(event.id) > Date.now() ? "sending" : "saved";
}
