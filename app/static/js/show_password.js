// Shows a password to whoever types it: the button is there only where it can do so.

export function startShowingPasswords() {
  for (const button of document.querySelectorAll("[data-show-password]")) {
    const field = document.getElementById(button.dataset.showPassword);
    button.hidden = false;
    button.addEventListener("click", () => show(field, button, field.type === "password"));
    // A password that is sent while it is shown would be kept among what was typed before.
    field.form?.addEventListener("submit", () => show(field, button, false));
  }
}

function show(field, button, isShown) {
  field.type = isShown ? "text" : "password";
  button.setAttribute("aria-pressed", String(isShown));
}
