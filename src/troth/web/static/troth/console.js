// The console by keyboard, and lists that stay current. Every page works without it.
//   j k   next and previous row, or request where no list is beside it     Enter  opens it     x  selects
//   p     to the opened request     c  to the contact     a  assigns to you     w  to the wait     e  to the end
//   r     to the answer     n  to the note     s  to the snippets     u  undoes     /  search     ?  the shortcuts
//   Ctrl Enter, or ⌘ Enter, in the answer: sends it and goes to the next request
// Letters can be turned off: people who speak to their computer say letters without meaning them.
"use strict";

const EVERY_MS = 60_000;
const IDLE_MS = 10 * EVERY_MS; // A session that nobody uses must end by itself, so nothing is asked for it then.

const rows = () => [...document.querySelectorAll("[data-row]")].filter((row) => row.getClientRects().length);
const link = (row) => row.querySelector("th a");
const current = () => {
  const all = rows();
  const focused = all.findIndex((row) => row.contains(document.activeElement));
  return focused >= 0 ? focused : all.findIndex((row) => row.classList.contains("open"));
};

function step(by) {
  const all = rows();
  const next = all[Math.min(Math.max(current() + by, 0), all.length - 1)];
  if (next) link(next).focus();
  else document.querySelector(by > 0 ? "[rel=next]" : "[rel=prev]")?.click();
}

function select() {
  const box = rows()[current()]?.querySelector("[name=pick]");
  if (!box) return;
  box.checked = !box.checked;
  tickAlike(box);
  countTicks();
}

// A request that needs a decision is listed twice: both its rows are ticked, or neither.
function tickAlike(box) {
  for (const each of boxes()) if (each.value === box.value) each.checked = box.checked;
}
const picked = () => new Set(boxes().flatMap((box) => (box.checked ? [box.value] : [])));

// All rows of the page at once, or those between the last ticked one and this one with the Shift key.
const boxes = () => [...document.querySelectorAll("[name=pick]")];
let lastTicked = null;
addEventListener("click", (event) => {
  const box = event.target;
  if (box.matches("[data-pick-all]")) for (const each of boxes()) each.checked = box.checked;
  if (!box.matches("[name=pick]")) return;
  const all = boxes();
  const [from, to] = [all.indexOf(lastTicked), all.indexOf(box)].sort((a, b) => a - b);
  if (event.shiftKey && from >= 0)
    for (const each of all.slice(from, to + 1)) {
      each.checked = box.checked;
      tickAlike(each);
    }
  lastTicked = box;
});

function countTicks() {
  const count = picked().size;
  for (const all of document.querySelectorAll("[data-pick-all]")) {
    all.hidden = false;
    all.checked = count > 0 && boxes().every((box) => box.checked);
    all.indeterminate = count > 0 && !all.checked;
  }
  for (const said of document.querySelectorAll("[data-picked]")) {
    said.hidden = !count;
    said.textContent = said.dataset.picked.replace("#", count);
  }
}
addEventListener("change", ({ target }) => {
  if (target.matches("[name=pick]")) tickAlike(target);
  countTicks();
});
countTicks();

// Rows that are ticked stay so while one is opened beside the list, or something is done with it: the address says which.
function keepTicks(address) {
  const to = new URL(address);
  to.searchParams.delete("pick");
  for (const value of picked()) to.searchParams.append("pick", value);
  return to.href;
}
addEventListener("click", (event) => {
  const row = event.target.closest(".desk th a, .desk a[rel], .pane .crumbs a");
  if (row && document.getElementById("bulk")) row.href = keepTicks(row.href);
});
addEventListener("submit", ({ target }) => {
  const acts = target.method === "post" && target.matches(".pane form, #assign");
  if (acts && document.getElementById("bulk")) target.action = keepTicks(target.action);
});

function assign() {
  const row = rows()[current()];
  const form = document.getElementById("assign");
  if (!form || (!row && !("opened" in form.dataset))) return;
  if (row) {
    form.action = link(row).href;
    // Shown as nobody's, it isn't taken from a colleague who was faster.
    form.elements["was-to"].value = "";
    form.elements["was-to"].disabled = row.dataset.row !== "free";
  }
  form.requestSubmit();
}

function goTo(wanted) {
  const field = document.querySelector(wanted);
  const folded = field?.closest("details");
  if (folded) folded.open = true;
  field?.focus();
}

// To what it asks for before the button. Not where it is confirmed: a word that was meant for a field has e and a space.
function goToTheEnd() {
  const button = document.querySelector(".acts button[value=answer]");
  const asked = button?.form.querySelector("select, textarea, input:not([type=hidden])");
  goTo(asked ? `#${asked.id}` : ".acts button[value=answer]");
}

const keys = document.querySelector("[data-keys]");
// A narrow window hides the list beside which a request is opened, and with it what the list has.
if (keys) document.querySelector("main").append(keys);
for (const button of document.querySelectorAll("[data-keys-button]")) {
  button.hidden = false;
  button.addEventListener("click", showKeys);
}

function showKeys() {
  if (keys?.open) keys.close();
  else keys?.showModal();
}

const KEYS = {
  j: () => step(1),
  k: () => step(-1),
  x: select,
  a: assign,
  p: () => document.getElementById("opened")?.focus(),
  r: () => goTo("[data-reply]"),
  n: () => goTo("#note-words"),
  c: () => goTo("button[value=contact]"),
  w: () => goTo("#wait-until"),
  e: goToTheEnd,
  u: () => document.querySelector(".notice.undo [value=undo]")?.click(),
  s: () => goTo("[data-snippet]"),
  "/": () => document.querySelector("[data-search]")?.focus(),
  "?": showKeys,
};

function sendAndNext(event) {
  const sends = event.key === "Enter" && (event.ctrlKey || event.metaKey) && event.target.matches("[data-reply]");
  const closing = sends && event.shiftKey ? event.target.form.querySelector("[name=then] [value=close]") : null;
  if (!sends || (event.shiftKey && !closing)) return;
  event.preventDefault();
  if (closing) closing.selected = true;
  event.target.form.requestSubmit(event.target.form.querySelector("[value=reply-next]"));
}
addEventListener("keydown", sendAndNext);

const lettersOff = keys?.dataset.keys === "off";
let used = Date.now();
addEventListener("keydown", (event) => {
  used = Date.now();
  const typing = event.target.closest("input:not([type=checkbox]), textarea, select");
  const held = keys?.open ? event.key !== "?" : lettersOff && /^[a-z]$/.test(event.key);
  const act = held ? null : KEYS[event.key];
  if (!act || typing || event.ctrlKey || event.altKey || event.metaKey) return;
  event.preventDefault();
  act();
});
addEventListener("pointerdown", () => (used = Date.now()));

// The opened row is where one looks, or the request beside it after something was read or refused there, or the field
// that is wrong; all stay in view.
const opened = document.querySelector("[data-row].open");
if (opened) {
  const wrong = document.querySelector("#opened [aria-invalid]");
  if (wrong) wrong.focus();
  else (document.querySelector("#opened[data-acted]") ?? link(opened)).focus({ preventScroll: true });
  if (matchMedia("(min-width: 68.75rem)").matches) opened.scrollIntoView({ block: "nearest" });
}

// What is live is asked for again each minute, unless somebody is about to do something with it.
function busy() {
  const focused = document.activeElement?.closest("[data-live] input, [data-live] button");
  return document.hidden || focused || document.querySelector("[data-live] :checked") || Date.now() - used > IDLE_MS;
}

function show(fresh) {
  const focused = document.activeElement?.getAttribute("href");
  for (const part of document.querySelectorAll("[data-live]")) {
    const now = fresh.querySelector(`[data-live="${part.dataset.live}"]`);
    if (now) part.replaceChildren(...now.childNodes);
  }
  countTicks();
  if (focused) rows().map(link).find((each) => each.getAttribute("href") === focused)?.focus({ preventScroll: true });
}

// The browser reads this site's own page, as it does when one goes there; its scripts don't run. What a sign-in page
// would answer once the session is over has nothing that is live, so nothing changes then.
function refresh() {
  if (busy()) return;
  const asked = new XMLHttpRequest();
  asked.responseType = "document";
  asked.addEventListener("load", () => {
    if (asked.status === 200 && asked.response && !busy()) show(asked.response);
  });
  asked.open("GET", location.href);
  asked.send();
}
if (document.querySelector("[data-live]")) setInterval(refresh, EVERY_MS);
for (const said of document.querySelectorAll("[data-refreshes]")) said.hidden = false;
