// Passkeys, made and shown. Forms that need it stay hidden without it.
// A form with data-passkey asks its data-options, lets the browser make or show a key, and posts the answer.
"use strict";

const knows = window.PublicKeyCredential && PublicKeyCredential.parseCreationOptionsFromJSON;

async function sent(address, form, answer) {
  const body = new URLSearchParams(new FormData(form));
  if (answer) body.set("answer", JSON.stringify(answer));
  const response = await fetch(address, { method: "POST", body, credentials: "same-origin" });
  const told = await response.json();
  if (!response.ok) throw new Error(told.error || "");
  return told;
}

async function credential(form) {
  const options = await sent(form.dataset.options, form);
  const made = form.dataset.passkey === "make"
    ? await navigator.credentials.create({ publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(options) })
    : await navigator.credentials.get({ publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(options) });
  return made.toJSON();
}

async function go(event) {
  event.preventDefault();
  const form = event.currentTarget;
  const failed = form.querySelector("[data-failed]");
  failed.hidden = true;
  try {
    const told = await sent(form.action, form, await credential(form));
    const typed = form.elements.namedItem("sealed_form");
    if (!typed) return location.assign(told.next);
    // What was typed before signing in goes along: our server brings it back to its form.
    form.action = told.next;
    form.removeEventListener("submit", go);
    form.requestSubmit();
  } catch (error) {
    const ours = error instanceof Error && !(error instanceof DOMException) && !(error instanceof TypeError);
    failed.textContent = (ours && error.message) || failed.dataset.failed;
    failed.hidden = false;
  }
}

if (knows) {
  for (const form of document.querySelectorAll("[data-passkey]")) {
    form.hidden = false;
    form.addEventListener("submit", go);
  }
  for (const words of document.querySelectorAll("[data-without-passkeys]")) words.hidden = true;
}
