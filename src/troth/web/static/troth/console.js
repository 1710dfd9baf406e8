// The console by keyboard, and lists that stay current. Every page works without it.
//   j k   next and previous row     Enter  opens it     p  to the opened request     x  selects     a  assigns to you
//   /     search                    ?      the shortcuts
"use strict";

const EVERY_MS = 60_000;
const IDLE_MS = 10 * EVERY_MS; // A session that nobody uses must end by itself, so nothing is asked for it then.

const rows = () => [...document.querySelectorAll("[data-row]")];
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
}

function select() {
  const box = rows()[current()]?.querySelector("[name=pick]");
  if (box) box.checked = !box.checked;
}

function assign() {
  const row = rows()[current()];
  const form = document.getElementById("assign");
  if (!row || !form) return;
  form.action = link(row).href;
  form.requestSubmit();
}

function showKeys() {
  const keys = document.querySelector("[data-keys]");
  if (keys) keys.open = !keys.open;
}

const KEYS = {
  j: () => step(1),
  k: () => step(-1),
  x: select,
  a: assign,
  p: () => document.getElementById("opened")?.focus(),
  "/": () => document.querySelector("[data-search]")?.focus(),
  "?": showKeys,
};

let used = Date.now();
addEventListener("keydown", (event) => {
  used = Date.now();
  const typing = event.target.closest("input:not([type=checkbox]), textarea, select");
  const act = KEYS[event.key];
  if (!act || typing || event.ctrlKey || event.altKey || event.metaKey) return;
  event.preventDefault();
  act();
});
addEventListener("pointerdown", () => (used = Date.now()));

// Where a row opens, its list stays at the place where it was.
const PLACE = "place of the list";
addEventListener("click", (event) => {
  if (event.target.closest("[data-row] th a")) sessionStorage.setItem(PLACE, `${location.pathname.split("/")[2]} ${scrollY}`);
});
const opened = document.querySelector("[data-row].open");
const [list, place] = (sessionStorage.getItem(PLACE) || "").split(" ");
sessionStorage.removeItem(PLACE);
if (opened && list === location.pathname.split("/")[2] && matchMedia("(min-width: 68.75rem)").matches) scrollTo(0, Number(place));
if (opened) link(opened).focus({ preventScroll: true });
for (const keys of document.querySelectorAll("[data-keys]")) keys.hidden = false;

// What is live is asked for again each minute, unless somebody is about to do something with it.
function busy() {
  const focused = document.activeElement?.closest("[data-live] input, [data-live] button");
  return document.hidden || focused || document.querySelector("[data-live] :checked") || Date.now() - used > IDLE_MS;
}

async function refresh() {
  if (busy()) return;
  const response = await fetch(location.href, { credentials: "same-origin" }).catch(() => null);
  if (!response?.ok || response.redirected || busy()) return;
  const fresh = new DOMParser().parseFromString(await response.text(), "text/html");
  const focused = document.activeElement?.getAttribute("href");
  for (const part of document.querySelectorAll("[data-live]")) {
    const now = fresh.querySelector(`[data-live="${part.dataset.live}"]`);
    if (now) part.replaceChildren(...now.childNodes);
  }
  if (focused) rows().map(link).find((each) => each.getAttribute("href") === focused)?.focus({ preventScroll: true });
}
if (document.querySelector("[data-live]")) setInterval(refresh, EVERY_MS);
