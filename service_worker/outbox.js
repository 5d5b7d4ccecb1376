// What waits to be sent, in which order, and what becomes of it? The rows' storage and the vault are passed in.
//
// An item is {seq, state, tried, event, answer, proof, signature}: `event` is {id, kind, made_at, data}; `state`
// is "waiting", "conflict" or "refused", the last two with the portal's `answer`. `tried` counts the attempts
// begun: once an item may have reached the portal, its content under that id never changes again. What was
// signed at the tap has its `proof` and `signature`; hours, and taps from before a key was enrolled, have none.

const PURPOSE = "outbox";
// How a row is written: 2 may hold a proof. A later release still reads every earlier form, and an earlier one
// reads this: it finds the event where it always was.
const FORM = 2;
const PATIENCE = 20; // times that other tabs may take the number before us; then the tap is kept without proof

// `chain` numbers and signs what is tapped. `exclusively` runs a piece of work while no other page or worker runs
// one: an edit that is being kept and the receipt on which it builds must not pass each other unseen.
export function createOutbox({ account, store, vault, chain, exclusively = (work) => work() }) {
  async function items() {
    const rows = (await store.all()).filter((row) => row.account === account);
    return Promise.all(rows.map(opened));
  }

  const contents = new Map(); // what was opened already, by its seal, so that a look costs little

  async function contentOf(row) {
    const seal = row.iv.join();
    if (!contents.has(seal)) contents.set(seal, await vault.open(account, PURPOSE, row));
    return contents.get(seal);
  }

  async function opened(row) {
    try {
      const { event, answer, proof } = await contentOf(row);
      const item = { seq: row.seq, state: row.state, tried: row.tried, event, answer };
      return proof && row.signature ? { ...item, proof, signature: row.signature } : item;
    } catch {
      return { seq: row.seq, state: "unreadable", tried: row.tried };
    }
  }

  async function sealed(content) {
    return { form: FORM, ...(await vault.seal(account, PURPOSE, content)) };
  }

  // A tap: one write and nothing else stands between the finger and "Saved". Signing and sealing go on side by
  // side before it. Whatever hinders the proof, the tap is kept.
  async function append(event) {
    for (let turn = 0; chain && turn < PATIENCE; turn += 1) {
      const proved = await proofOf(event);
      if (!proved) break;
      if (await store.addLinked(proved.row, proved.link)) {
        chain.grown(proved.link);
        return event;
      }
      chain.forget();
    }
    await store.add({ account, state: "waiting", tried: 0, ...(await sealed({ event })) });
    return event;
  }

  async function proofOf(event) {
    try {
      const proved = await chain.prove(event);
      if (!proved) return undefined;
      const { proof } = proved;
      const parts = [sealed({ event, proof }), proved.signature, proved.link];
      const [box, signature, link] = await Promise.all(parts);
      return signature && { link, row: { account, state: "waiting", tried: 0, ...box, signature } };
    } catch (error) {
      console.warn(error);
      return undefined;
    }
  }

  let last = Promise.resolve(); // two taps of this page need not race each other for a number

  function inTurn(work) {
    const done = last.then(work);
    last = done.catch(() => undefined);
    return done;
  }

  async function keepEdit(event) {
    const place = placement(event, await items());
    const fresh = { account, state: "waiting", tried: 0, ...(await sealed({ event: place.event })) };
    const replaced = await store.change(place.instead, (row) =>
      row.tried === 0 ? { ...fresh, seq: row.seq } : undefined,
    );
    if (replaced.length === 0) await store.add(fresh);
    await store.remove(place.superseded);
    return place.event;
  }

  // A later edit of the same day began from what this phone had just sent: it builds on that receipt.
  async function rebase(sent, revision) {
    if (revision === undefined) return;
    for (const later of buildingOn(sent, await items())) {
      const event = { ...later.event, data: { ...later.event.data, base: revision } };
      const box = await sealed({ event });
      await store.change([later.seq], (row) => (row.tried === 0 ? { ...row, ...box } : undefined));
    }
  }

  return {
    account,
    items,

    // Keeps an event and resolves to it, as kept, when it is safely on the phone. `make` gives the event at
    // the moment of keeping. Throws where the phone cannot keep it; only then may nobody say "Saved".
    async put(make) {
      const event = make();
      return dayOf(event) === undefined ? inTurn(() => append(event)) : exclusively(() => keepEdit(make()));
    },

    // Notes that these items are about to be sent, and gives back those that still wait, as they now are.
    async begin(batch) {
      const rows = await store.change(
        batch.map((item) => item.seq),
        (row) => (row.state === "waiting" ? { ...row, tried: row.tried + 1 } : undefined),
      );
      return (await Promise.all(rows.map(opened))).filter((item) => item.state === "waiting");
    },

    // Does what each answer asks for: a receipt drops the item, a conflict or a refusal stays with its
    // words, "keep" changes nothing.
    settle(outcomes) {
      return exclusively(async () => {
        for (const { item, result, ...answer } of outcomes) {
          if (result === "received") {
            await rebase(item, answer.facts?.revision);
            await store.remove([item.seq]);
          } else if (result === "conflict" || result === "refused") {
            const box = await sealed({ event: item.event, proof: item.proof, answer });
            await store.change([item.seq], (row) => ({ ...row, state: result, ...box }));
          }
        }
      });
    },

    remove(seq) {
      return store.remove([seq]);
    },
  };
}

// The day that an entry is about, as one word; undefined for every other kind.
export function dayOf(event) {
  return event.kind === "entry" ? `${event.data.timesheet}/${event.data.on}` : undefined;
}

// Where does a new event go? At the end, except that an edit of a day takes the place of an earlier one
// that was never sent, and stands for one that was refused or in conflict: the person has written anew.
export function placement(event, items) {
  const day = dayOf(event);
  if (day === undefined) return { event, instead: [], superseded: [] };
  const same = items.filter((item) => item.event && dayOf(item.event) === day);
  const unsent = same.filter((item) => item.state === "waiting" && item.tried === 0);
  const settled = same.filter((item) => item.state === "conflict" || item.state === "refused");
  const seen = settled.map((item) => item.answer?.theirs?.revision).filter(Number.isInteger);
  const base = seen.at(-1) ?? unsent.at(-1)?.event.data.base ?? event.data.base;
  return {
    event: { ...event, data: { ...event.data, base } },
    instead: unsent.slice(-1).map((item) => item.seq),
    superseded: settled.map((item) => item.seq),
  };
}

// What to send next: what waits, in order, after `after` (what was kept in this round is not asked again).
// One edit a day at a time, since the second builds on the first's receipt; and nothing that speaks of an
// event which itself was kept back.
export function nextBatch(items, { after = 0, most = 500 } = {}) {
  const waiting = items.filter((item) => item.state === "waiting");
  const held = new Set(waiting.filter((item) => item.seq <= after).flatMap(marks));
  const batch = [];
  const days = new Set();
  for (const item of waiting.filter((one) => one.seq > after)) {
    const day = dayOf(item.event);
    if (batch.length === most || days.has(day)) break;
    if (held.has(day) || held.has(item.event.data.event)) {
      marks(item).forEach((mark) => held.add(mark));
      continue;
    }
    if (day !== undefined) days.add(day);
    batch.push(item);
  }
  return batch;
}

function marks(item) {
  return [item.event.id, dayOf(item.event)].filter((mark) => mark !== undefined);
}

function buildingOn(sent, items) {
  const day = dayOf(sent.event);
  return items.filter(
    (item) =>
      day !== undefined &&
      item.state === "waiting" &&
      item.seq > sent.seq &&
      dayOf(item.event) === day &&
      item.event.data.base === sent.event.data.base,
  );
}
