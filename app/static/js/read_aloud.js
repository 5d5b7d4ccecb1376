// Reads a part of the page to whoever would rather listen; the button shows only where the phone can speak.

export function startReadingAloud() {
  if (!("speechSynthesis" in globalThis)) return;
  for (const button of document.querySelectorAll("[data-read-aloud]")) {
    button.hidden = false;
    button.setAttribute("aria-pressed", "false");
    button.addEventListener("click", () => toggle(button));
  }
  addEventListener("pagehide", () => speechSynthesis.cancel());
}

function toggle(button) {
  const isSpeaking = button.getAttribute("aria-pressed") === "true";
  speechSynthesis.cancel();
  if (isSpeaking) return;
  const spoken = new SpeechSynthesisUtterance(textOf(button.dataset.readAloud));
  spoken.lang = document.documentElement.lang;
  spoken.onend = spoken.onerror = () => button.setAttribute("aria-pressed", "false");
  button.setAttribute("aria-pressed", "true");
  speechSynthesis.speak(spoken);
}

// What is seen, with a pause after each line; what is hidden or is a control is not read.
function textOf(selector) {
  return [...document.querySelectorAll(selector)].map((part) => part.innerText).join("\n");
}
