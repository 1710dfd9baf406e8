// The secret of a mailed link leaves the address bar and the browser's history: each form of the page holds it.
history.replaceState(null, "", document.currentScript.dataset.address);
