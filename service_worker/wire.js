// How is a batch written for the portal? Without what the portal can work out by itself, and packed where that
// makes it smaller: people pay for every byte.

const WORTH_PACKING = 512; // characters; below that the header of a packed body costs what it spares

// The items as they go. A proof leaves out the hash of the event before it and the anchor where the item before
// it in the list already tells them. An item leaves out its signature where the next one follows from it: that one
// signs its hash, and so speaks for it.
export function slim(items) {
  return items.map((item, index) => {
    const [before, after] = [items[index - 1], items[index + 1]];
    const { signature, ...lean } = { ...item, proof: leanProof(item, before) };
    if (!item.proof) delete lean.proof;
    return follows(after, item) ? lean : { ...lean, signature };
  });
}

function leanProof({ proof, account }, before) {
  if (!proof || !before?.proof || before.account !== account) return proof;
  const { previous, anchor, ...lean } = proof;
  if (before.proof.number !== proof.number - 1) lean.previous = previous;
  if (before.proof.anchor !== anchor) lean.anchor = anchor;
  return lean;
}

function follows(item, before) {
  if (!item?.proof || !before.proof) return false;
  const isSameChain = item.account === before.account && item.device === before.device;
  return isSameChain && item.proof.number === before.proof.number + 1;
}

// {body, headers} of a text.
export async function packed(text) {
  if (text.length < WORTH_PACKING || !("CompressionStream" in globalThis)) return { body: text, headers: {} };
  const stream = new Blob([text]).stream().pipeThrough(new CompressionStream("gzip"));
  return { body: await new Response(stream).arrayBuffer(), headers: { "Content-Encoding": "gzip" } };
}
