// How is a batch written for the portal? Without what the portal can work out by itself, and packed where that
// makes it smaller: people pay for every byte.

const WORTH_PACKING = 512; // characters; below that the header of a packed body costs what it spares

// The items as they go. A proof leaves out the hash of the event before it and the anchor where the item before
// it in the list already tells them.
export function slim(items) {
  return items.map((item, index) => {
    const before = items[index - 1];
    if (!item.proof || !before?.proof || before.account !== item.account) return item;
    const { previous, anchor, ...proof } = item.proof;
    if (before.proof.number !== proof.number - 1) proof.previous = previous;
    if (before.proof.anchor !== anchor) proof.anchor = anchor;
    return { ...item, proof };
  });
}

// {body, headers} of a text.
export async function packed(text) {
  if (text.length < WORTH_PACKING || !("CompressionStream" in globalThis)) return { body: text, headers: {} };
  const stream = new Blob([text]).stream().pipeThrough(new CompressionStream("gzip"));
  return { body: await new Response(stream).arrayBuffer(), headers: { "Content-Encoding": "gzip" } };
}
