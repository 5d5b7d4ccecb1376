// A button that prints the page; without scripts there is none, and the browser's own menu prints as well.

export function startPrinting() {
  for (const button of document.querySelectorAll("[data-print]")) {
    button.hidden = false;
    button.addEventListener("click", () => print());
  }
}
