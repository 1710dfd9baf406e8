// While an issue is written: its preview shows what is being typed, and its audience is counted as it is chosen. Without
// this script a button does each.
"use strict";

const PAUSE_MS = 700;
const form = document.querySelector("form[data-writing]");
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
  document.querySelector("[data-typed]").hidden = false;
  const saved = document.querySelector("[data-saved]"); // a new one has no saved version
  if (saved) saved.hidden = true;
}

function show(page) {
  for (const part of document.querySelectorAll("[data-counted]")) {
    const counted = page.getElementById(part.id);
    if (counted) part.replaceChildren(...counted.childNodes);
  }
}

// The browser reads this site's own page, as when the button is pressed; its scripts don't run. Where something is
// missing still, nothing changes: the page says so when it is saved.
function count() {
  const body = new FormData(form), asked = new XMLHttpRequest();
  body.set("do", "count");
  asked.responseType = "document";
  asked.addEventListener("load", () => {
    if (asked.status === 200 && asked.response) show(asked.response);
  });
  asked.open("POST", form.action);
  asked.send(body);
}

if (form) {
  const fromFile = !document.querySelector("[data-saved]") && form.elements.text.value;
  if (fromFile || document.querySelector("[data-unsaved]")) preview();
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.target.id !== "to") return;
    event.preventDefault(); // its button sends the test, not the draft's first one
    document.querySelector("button[value=try]").click();
  });
  document.addEventListener("input", (event) => {
    if (event.target.form !== form) return; // of a new one, also the preview's own fields
    const choosing = /^(is-|how-|topic$|covered$|at_least$|below$)/.test(event.target.name);
    if (choosing) later("count", count);
    if (/^(topic|language|subject|text|as|screen)$/.test(event.target.name)) later("preview", preview);
  });
}
