// What is said, in the reader's language? The sentences come with the page (`offline_words.py`), those of a sheet with
// its own pages (`sheet_forecast.py`); none is here.

const words = { ...wordsIn("words"), ...wordsIn("sheet-words") };

function wordsIn(id) {
  return JSON.parse(document.getElementById(id)?.textContent || "{}");
}

// The sentence with its facts filled in; empty where the page brought none.
export function say(key, facts = {}) {
  return (words[key] ?? "").replace(/%\((\w+)\)s/g, (_whole, name) => String(facts[name] ?? ""));
}

// The sentence for one, or for many: `key_one`, `key_many`.
export function sayCount(key, count, facts = {}) {
  return say(`${key}_${count === 1 ? "one" : "many"}`, { count, ...facts });
}
