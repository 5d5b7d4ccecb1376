// How is the outbox sent? In order, many at once, reading each event's own answer. Only a receipt drops an
// item; whatever else comes back, or does not, keeps it.

import { nextBatch } from "./outbox.js";

export const MOST_AT_ONCE = 500;
const RESULTS = new Set(["received", "conflict", "refused"]);
const PATIENCE = 3; // single events in a row that the portal could not answer, before we come back later

// Sends what waits. `send(items)` resolves to {status, body} or throws where no answer came. `tell(outcomes)`
// hears each batch's answers once they are settled. Resolves to "done", "sign_in" or "later".
export async function replay(outbox, send, tell = () => {}) {
  let [after, most, failures, left] = [0, MOST_AT_ONCE, 0, false];
  for (;;) {
    const chosen = nextBatch(await outbox.items(), { after, most });
    if (chosen.length === 0) return left ? "later" : "done";
    const batch = await outbox.begin(chosen);
    const verdict = judge(batch, await answerTo(send, batch));
    if (verdict.stop) return verdict.stop;
    if (verdict.split) {
      most = Math.ceil(batch.length / 2);
      continue;
    }
    await outbox.settle(verdict.outcomes);
    await tell(verdict.outcomes);
    const kept = verdict.outcomes.filter((outcome) => outcome.result === "keep");
    left ||= kept.length > 0;
    failures = kept.length === batch.length ? failures + 1 : 0;
    if (failures === PATIENCE) return "later";
    after = chosen.at(-1).seq;
  }
}

async function answerTo(send, batch) {
  if (batch.length === 0) return { status: 200, body: { results: [] } };
  try {
    return await send(batch);
  } catch {
    return { status: 0 };
  }
}

// What one answer means: {stop}, {split} (some event in the batch cannot be answered: try fewer), or
// {outcomes}, one for each event.
export function judge(batch, { status, body }) {
  if (status === 401) return { stop: "sign_in" };
  if (status === 0 || status === 429 || status === 503) return { stop: "later" };
  if (status !== 200 || !Array.isArray(body?.results)) {
    if (batch.length > 1) return { split: true };
    return { outcomes: batch.map((item) => ({ item, result: "keep" })) };
  }
  return { outcomes: batch.map((item) => outcome(item, body.results)) };
}

function outcome(item, results) {
  const answer = results.find((one) => one?.id === item.event.id);
  if (!answer || !RESULTS.has(answer.result)) return { item, result: "keep" };
  if (answer.result === "received" && !answer.receipt) return { item, result: "keep" };
  if (answer.code === "OTHER_ACCOUNT") return { item, result: "keep" };
  const { result, receipt, code, message, theirs, facts } = answer;
  return { item, result, receipt, code, message, theirs, facts };
}

// How long to wait before trying again, in milliseconds: from five seconds to five minutes.
export function pauseAfter(attempts) {
  return Math.min(5_000 * 2 ** attempts, 300_000);
}
