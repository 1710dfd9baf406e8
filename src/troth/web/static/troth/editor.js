// While an issue is written: its preview shows what is being typed, and its audience is counted as it is chosen. Without
// this script a button does each.
"use strict";

const PAUSE_MS = 700;
const form = document.querySelector("form[data-live]");
const timers = {};

function later(name, run) {
  clearTimeout(timers[name]);
  timers[name] = setTimeout(run, PAUSE_MS);
}

function preview() {
  const button = form.querySelector("button[value=preview]");
  if (!button) return;
  form.requestSubmit(button); // into the frame of the preview
  document.querySelector("[data-subject]").textContent = form.elements.subject.value;
  document.querySelector("[data-saved]").hidden = true;
  document.querySelector("[data-typed]").hidden = false;
}

async function count() {
  const body = new FormData(form);
  body.set("do", "count");
  const response = await fetch(form.action, { method: "POST", body, credentials: "same-origin" });
  if (!response.ok) return; // something is missing still: the page says so when it is saved
  const page = new DOMParser().parseFromString(await response.text(), "text/html");
  for (const part of document.querySelectorAll("[data-counted]")) {
    const counted = page.getElementById(part.id);
    if (counted) part.replaceChildren(...counted.childNodes);
  }
}

if (form) {
  form.addEventListener("input", (event) => {
    const choosing = /^(is-|how-|topic$|covered$|at_least$|below$)/.test(event.target.name);
    if (choosing) later("count", count);
    if (/^(topic|language|subject|text)$/.test(event.target.name)) later("preview", preview);
  });
}
