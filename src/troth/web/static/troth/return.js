// Back to the form by itself; without JavaScript, by its button.
"use strict";

document.querySelector("form[data-return]").requestSubmit();
