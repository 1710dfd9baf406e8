// A browser may show a page that it kept when somebody goes back. One that was made for somebody is asked for again:
// she may have signed out since. The only script of most pages; each works without it.
"use strict";

const SOMEBODYS = 'header a[href="/account/"], form[action="/console/sign-out"], form[action="/sign-out/"]';

addEventListener("pageshow", (event) => {
  if (event.persisted && document.querySelector(SOMEBODYS)) location.reload();
});
