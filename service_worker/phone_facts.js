// How do the facts look once an event has happened? The portal's facts with the phone's own events on top:
// no rule of law, only what was tapped and typed.

// The facts after an event; facts that the event does not touch are the same objects as before.
export function withEvent(facts, event) {
  switch (event.kind) {
    case "check-in":
      return withCard(facts, isOf(event.data.assignment), {
        checked_in_at: event.made_at,
        checked_in_event: event.id,
      });
    case "check-out":
      return withCard(facts, isOf(event.data.assignment), { checked_in_at: null, checked_in_event: null });
    case "undo":
      return withCard(facts, (card) => card.checked_in_event === event.data.event, {
        checked_in_at: null,
        checked_in_event: null,
      });
    case "entry":
      return withDay(facts, event.data);
    default:
      return facts;
  }
}

// The facts after a receipt: the event, and for a day the revision that the portal gave it.
export function withReceipt(facts, event, answer = {}) {
  const after = withEvent(facts, event);
  if (event.kind !== "entry" || answer.revision === undefined) return after;
  return withDay(after, { ...event.data, revision: answer.revision });
}

function isOf(assignment) {
  return (card) => card.assignment === assignment;
}

function withCard(facts, isMeant, change) {
  return { ...facts, cards: facts.cards.map((card) => (isMeant(card) ? { ...card, ...change } : card)) };
}

function withDay(facts, { timesheet, on, base, ...written }) {
  const changed = (day) => (day.on === on ? { ...day, ...written, by_hand: true } : day);
  const sheets = facts.sheets.map((sheet) =>
    sheet.id === timesheet ? { ...sheet, days: sheet.days.map(changed) } : sheet,
  );
  return { ...facts, sheets };
}
