// Signing in, and adding a way to sign in, with what the phone already knows: a fingerprint, a face, a PIN.

import { post } from "./portal.js";
import { say } from "./words.js";

export async function startPasskeys() {
  const signIn = document.querySelector("form[data-passkey-sign-in]");
  const enrolment = document.querySelector("form[data-passkey-enroll]");
  if (!(signIn || enrolment) || !globalThis.PublicKeyCredential) return;
  await import("../vendor/simplewebauthn-browser-14.0.0.umd.min.js");
  const webauthn = globalThis.SimpleWebAuthnBrowser;
  if (signIn) offerSignIn(signIn, webauthn);
  if (enrolment) offerEnrolment(enrolment, webauthn);
}

let pressed = false; // from then on the field offers nothing: it would break off what the button began

function offerSignIn(form, webauthn) {
  const button = form.querySelector("[data-passkey-button]");
  button.hidden = false;
  button.addEventListener("click", () => {
    pressed = true;
    signInWith(form, webauthn, false);
  });
  offerInUsernameField(form, webauthn);
}

// The browser offers the passkey in the username field itself, where it can.
async function offerInUsernameField(form, webauthn) {
  if (!form.querySelector('[autocomplete~="webauthn"]')) return;
  if (await webauthn.browserSupportsWebAuthnAutofill()) signInWith(form, webauthn, true);
}

async function signInWith(form, webauthn, isAutofill) {
  try {
    const optionsJSON = await post(form.dataset.options);
    if (isAutofill && pressed) return;
    const credential = await webauthn.startAuthentication({
      optionsJSON,
      useBrowserAutofill: isAutofill,
    });
    const next = form.querySelector('[name="next"]')?.value ?? "";
    const { location: address } = await post(form.dataset.verify, { credential, next });
    location.assign(address);
  } catch (error) {
    if (!isAutofill) speak(form, wordsFor(error, "passkey_sign_in_failed"));
  }
}

function offerEnrolment(form, webauthn) {
  for (const hidden of [form, form.querySelector("[data-passkey-button]")]) hidden?.removeAttribute("hidden");
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    try {
      const optionsJSON = await post(form.dataset.options);
      const credential = await webauthn.startRegistration({ optionsJSON });
      const name = form.querySelector('[name="name"]')?.value ?? "";
      const { location: address } = await post(form.dataset.verify, { credential, name });
      location.assign(address);
    } catch (error) {
      if (error.code === "step_up") form.submit(); // to its own page, which keeps the name and asks
      else speak(form, wordsFor(error, "passkey_enrolment_failed"));
    }
  });
}

// The portal's own sentence, else what went wrong on this side; nothing where a newer attempt took over.
function wordsFor(error, otherwise) {
  if (error.name === "AbortError" || error.code === "ERROR_CEREMONY_ABORTED") return "";
  if (error.name === "NotAllowedError") return say("passkey_not_given");
  if (error.name === "InvalidStateError") return say("passkey_known_already");
  return error.message && error.status ? error.message : say(otherwise);
}

function speak(form, words) {
  form.querySelector("[data-passkey-status]").textContent = words;
}
