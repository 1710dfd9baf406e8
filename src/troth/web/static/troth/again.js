// A page that waits for work of ours asks again by its own form, which carries what no address may hold.
"use strict";

for (const form of document.querySelectorAll("form[data-again-seconds]")) {
  setTimeout(() => form.requestSubmit(), 1000 * Number(form.dataset.againSeconds));
}
