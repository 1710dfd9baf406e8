// The policy page: marks the section being read in the contents, and opens folded rules for print and for a link to one.
// Without this script every rule still opens by its own summary.
"use strict";

const rules = [...document.querySelectorAll(".policy details.rule")];
const fold = document.querySelector("[data-unfold]");

function showRules(open) {
  for (const rule of rules) rule.open = open;
  if (!fold) return;
  fold.textContent = open ? fold.dataset.unfolded : fold.dataset.folded;
  fold.setAttribute("aria-expanded", String(open));
}

if (fold && rules.length) {
  fold.hidden = false;
  showRules(false);
  fold.addEventListener("click", () => showRules(fold.getAttribute("aria-expanded") !== "true"));
}

let folded = [];
addEventListener("beforeprint", () => {
  folded = rules.filter((rule) => !rule.open);
  for (const rule of folded) rule.open = true;
});
addEventListener("afterprint", () => {
  for (const rule of folded) rule.open = false;
});

const links = new Map([...document.querySelectorAll(".toc a")].map((link) => [link.hash.slice(1), link]));
const headings = [...document.querySelectorAll(".policy :is(h2, h3)[id]")].filter((heading) => links.has(heading.id));

function markCurrent() {
  const read = headings.filter((heading) => heading.getBoundingClientRect().top < innerHeight / 3).pop();
  for (const [id, link] of links) {
    if (read && id === read.id) link.setAttribute("aria-current", "true");
    else link.removeAttribute("aria-current");
  }
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
  addEventListener("scroll", markSoon, { passive: true });
  addEventListener("resize", markSoon);
  markCurrent();
}
