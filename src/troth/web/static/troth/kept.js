// A browser may show a page that it kept when someone goes back. One that was made for a signed-in person is fetched again,
// because they may have signed out since. Most pages have no other script, and each works without it.
"use strict";

const SIGNED_IN = 'header a[href="/account/"], form[action="/console/sign-out"], form[action="/sign-out/"]';

addEventListener("pageshow", (event) => {
  if (event.persisted && document.querySelector(SIGNED_IN)) location.reload();
});
