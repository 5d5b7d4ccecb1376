// Which receipts did the portal give last? Kept for a while, so that "received" can be looked at again.

const MOST = 20;

// The receipts kept so far, newest first, after these answers. A place goes with its tap and has no line of its own.
export function withReceipts(kept, outcomes, at) {
  const fresh = outcomes.filter(({ item, result }) => result === "received" && item.event.kind !== "position");
  return [...fresh.map((outcome) => receiptOf(outcome, at)).reverse(), ...kept].slice(0, MOST);
}

function receiptOf({ item: { event }, receipt, message }, at) {
  const { id, kind, made_at, data } = event;
  const { assignment, timesheet, on } = data;
  return { id, kind, made_at, data: { assignment, timesheet, on }, receipt, message, received_at: at };
}
