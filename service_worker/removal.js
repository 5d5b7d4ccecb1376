// How does a phone forget somebody for good? Everything of one account goes; what others keep here stays.
//
// The parts that keep things are passed in: the outbox's rows, the memory of names and facts, the vault of keys.
// What waits to be sent goes too, so whoever asks for this has been told how much that is.

export async function removeAccount(account, { store, memory, vault }) {
  const rows = (await store.all()).filter((row) => row.account === account);
  await store.remove(rows.map((row) => row.seq));
  await memory.remove(account);
  await vault.remove(account); // last: were it to stop before, what is left is still sealed
}
