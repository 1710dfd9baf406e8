"""How an emailed secret travels: once in the URL, then in the forms of our pages.

    first hop     GET /history/SECRET/     as the email has it; also POST /unsubscribe/SECRET/ of mail programs
    later hops    POST /history/           the secret in a hidden field: {% mailed_secret %}

So it is in no later URL: not in the browser's history, a log or a referrer. It works without cookies and without
JavaScript; with JavaScript, it is also removed from the address bar on the first page. A view gets the valid link or
proof. Every other secret gets a plain page, with a reason only if it was real.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any, TypeVar

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import URLPattern, path, reverse
from django.utils import timezone

from troth import gate
from troth.headers import make_private
from troth.security import links, proofs
from troth.security.mailed import MailedSecret
from troth.text import code

View = Callable[..., HttpResponseBase]
Answer = TypeVar("Answer", bound=HttpResponseBase)
FIELD = "secret"
GONE = "troth.gone"
"""In a request's META: the secret behind its page opens nothing any more, so that nothing was done."""
ERASED = "erased"
"""The database's code if someone acts for a person who was erased."""
_IN_PATH = "<str:token>/"


@dataclass(frozen=True)
class Hop:
    """The secret that opened a page, and where its forms go."""

    secret: str
    address: str
    first: bool


def by_link(page: str) -> Callable[[View], View]:
    """The view as a page for valid links; it gets the link."""
    return _by(lambda secret: links.find_named(secret, page=page), account=False)


def by_proof(what: str) -> Callable[[View], View]:
    """The view as the page for one action, of an account or of who gets a newsletter; it gets the valid proof."""
    return _by(lambda secret: proofs.find_named(secret, what=what), account=what != proofs.NEWSLETTER)


def paths(first: str, view: View, *, name: str, later: str = "") -> list[URLPattern]:
    """Both URLs of a page, under one name: the one in the email, and the one without the secret for its forms."""
    return [path(address, view, name=name) for address in (first, later or first.replace(_IN_PATH, ""))]


def of(request: HttpRequest) -> Hop | None:
    """The hop of a page that an emailed secret opened; None for every other page."""
    return getattr(request, "hop", None)


def address(request: HttpRequest) -> str:
    """Where the forms of this page go and where people return to: its URL, never with an emailed secret."""
    match = request.resolver_match
    if match is None or "token" not in match.kwargs or not match.url_name:
        return request.path
    return reverse(match.url_name, kwargs={k: v for k, v in match.kwargs.items() if k != "token"})


def show_gone(request: HttpRequest, ended: str = "", *, account: bool = False) -> HttpResponse:
    """The plain page for an invalid secret, with the reason if it was one of our secrets."""
    request.META[GONE] = True
    status = 200 if ended == ERASED else 404  # that nothing is held is an answer, and a "stop" needs no more
    return _guard(render(request, "mailed/gone.html", {"ended": ended, "account": account}, status=status))


def _by(find: Callable[[str], MailedSecret | None], *, account: bool) -> Callable[[View], View]:
    def decorated(view: View) -> View:
        @wraps(view)
        def answered(request: HttpRequest, token: str = "", **rest: Any) -> HttpResponseBase:
            secret = token or code(request.POST.get(FIELD, ""))
            if not secret:
                return _guard(render(request, "mailed/again.html", status=404 if request.method == "POST" else 200))
            found = find(secret)
            ended = found.find_end(at_utc=timezone.now()) if found else ""
            if found is None or ended:
                return show_gone(request, ended, account=account)
            if not isinstance(found, links.Link) or found.mailed:
                request.hop = Hop(secret, address(request), first=bool(token))  # type: ignore[attr-defined]
            return _open(request, view, found, rest)

        return answered

    return decorated


def _open(request: HttpRequest, view: View, found: MailedSecret, rest: dict[str, Any]) -> HttpResponseBase:
    try:
        return _guard(view(request, found, **rest))
    except gate.Refusal as refusal:
        if refusal.code != ERASED:
            raise
        return show_gone(request, ERASED)  # erased between our look and theirs


def _guard(response: Answer) -> Answer:
    """Kept by no cache, found by no search engine; and no other page learns this address."""
    make_private(response)
    # Not no-referrer: it turns Origin into "null", and our forms look at Origin.
    response.headers["Referrer-Policy"] = "strict-origin"
    return response
