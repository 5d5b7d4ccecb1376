// Is a finger down? Words that appear between press and release would move the button from under it: whoever types
// hours and taps Submit leaves the field, and the day says "Saved", in the middle of that tap.

let pressed = false;

addEventListener("mousedown", () => (pressed = true), { capture: true });
addEventListener("mouseup", () => (pressed = false), { capture: true });
addEventListener("dragend", () => (pressed = false), { capture: true });

// Puts the words into the element, after the tap if there is one, and `more` after them. The latest words win.
export function showWords(element, words, more = []) {
  element.dataset.words = words;
  const show = () => {
    if (element.dataset.words !== words || element.textContent === words) return;
    element.replaceChildren(words, ...more);
  };
  if (pressed) addEventListener("mouseup", () => setTimeout(show), { capture: true, once: true });
  else show();
}
