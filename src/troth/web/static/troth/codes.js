// Copies and prints recovery codes. Both buttons are hidden without it; the codes can be selected and saved anyway.
"use strict";

const copy = document.querySelector("[data-copy]");
const print = document.querySelector("[data-print]");

if (navigator.clipboard) {
  copy.hidden = false;
  copy.addEventListener("click", async () => {
    const codes = document.querySelectorAll(`#${copy.dataset.copy} code`);
    await navigator.clipboard.writeText([...codes].map((code) => code.textContent).join("\n"));
    document.querySelector("[data-copied]").hidden = false;
  });
}
print.hidden = false;
print.addEventListener("click", () => window.print());
