// The policy page: marks the section being read in the contents, folds the rest of each chapter, and opens what is folded
// for print and for a link into it. Without this script chapters are open, and every rule opens by its own summary.
"use strict";

const rules = [...document.querySelectorAll(".policy details.rule")];
// What was changed from one version to another is never folded away.
const rests = [...document.querySelectorAll(".policy details.rest")].filter((rest) => !rest.querySelector("ins, del"));

function show(folds, button, open) {
  for (const fold of folds) fold.open = open;
  if (!button) return;
  button.textContent = open ? button.dataset.unfolded : button.dataset.folded;
  button.setAttribute("aria-expanded", String(open));
}

function makeButton(name, folds) {
  const button = document.querySelector(`[data-unfold=${name}]`);
  if (!button || !folds.length) return null;
  button.addEventListener("click", () => show(folds, button, button.getAttribute("aria-expanded") !== "true"));
  return button;
}

const ruleButton = makeButton("rule", rules);
const restButton = makeButton("rest", rests);
if (ruleButton) {
  ruleButton.hidden = false;
  show(rules, ruleButton, false);
}
if (restButton) {
  restButton.hidden = false;
  for (const rest of rests) rest.classList.add("folds");
  show(rests, restButton, false);
}

function reveal(hash) {
  const wanted = hash.length > 1 && document.getElementById(decodeURIComponent(hash.slice(1)));
  if (!wanted) return;
  for (let fold = wanted.closest("details"); fold; fold = fold.parentElement.closest("details")) fold.open = true;
  wanted.scrollIntoView();
}

reveal(location.hash);
addEventListener("hashchange", () => reveal(location.hash));
// A second press of the same link changes no address.
addEventListener("click", (event) => {
  const link = event.target.closest?.("a[href*='#']");
  if (link && link.pathname === location.pathname && link.hash === location.hash) reveal(link.hash);
});

let folded = [];
addEventListener("beforeprint", () => {
  folded = [...rules, ...rests].filter((fold) => !fold.open);
  for (const fold of folded) fold.open = true;
});
addEventListener("afterprint", () => {
  for (const fold of folded) fold.open = false;
});

const links = new Map([...document.querySelectorAll(".toc a")].map((link) => [link.hash.slice(1), link]));
const headings = [...document.querySelectorAll(".policy :is(h2, h3)[id]")].filter((heading) => links.has(heading.id));

let marked;
function markCurrent() {
  // What is folded has no place on the page: its top would be that of the window.
  const shown = headings.filter((heading) => !heading.closest("details:not([open])"));
  const read = shown.filter((heading) => heading.getBoundingClientRect().top < innerHeight / 3).pop();
  for (const [id, link] of links) {
    if (read && id === read.id) link.setAttribute("aria-current", "true");
    else link.removeAttribute("aria-current");
  }
  if (read && read !== marked) bringIntoView(links.get(read.id));
  marked = read;
}

// Beside the text the contents scroll by themselves: what is marked there must not be below their end.
function bringIntoView(link) {
  const toc = link.closest(".toc");
  const [seen, at] = [toc.getBoundingClientRect(), link.getBoundingClientRect()];
  const room = seen.height / 4;
  if (toc.scrollHeight <= toc.clientHeight) return;
  if (at.top < seen.top) toc.scrollTop -= seen.top - at.top + room;
  else if (at.bottom > seen.bottom) toc.scrollTop += at.bottom - seen.bottom + room;
}

let asked = false;
function markSoon() {
  if (asked) return;
  asked = true;
  requestAnimationFrame(() => {
    asked = false;
    markCurrent();
  });
}
if (headings.length) {
  for (const rest of rests) rest.addEventListener("toggle", markSoon);
  addEventListener("scroll", markSoon, { passive: true });
  addEventListener("resize", markSoon);
  // Asked for right now, the places of all headings would have the whole page laid out before anything is shown.
  new IntersectionObserver((_seen, watching) => {
    watching.disconnect();
    markCurrent();
  }).observe(headings[0]);
}
