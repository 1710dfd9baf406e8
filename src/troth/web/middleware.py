"""What every response guarantees, whichever room it comes from."""

import logging
from collections.abc import Callable, Iterator
from contextlib import nullcontext
from types import MappingProxyType

from django.conf import settings
from django.core.handlers.wsgi import WSGIRequest
from django.http import (
    HttpRequest,
    HttpResponseBase,
    HttpResponseNotAllowed,
    HttpResponsePermanentRedirect,
    QueryDict,
)
from django.urls import is_valid_path
from django.utils import timezone
from django.utils.http import escape_leading_slashes

from troth import gate, in_force, outbox
from troth.headers import HEADERS, NOT_STORED, make_private
from troth.security import sessions
from troth.security.cookies import find_declared
from troth.site import site
from troth.text import breaks, mark_broken
from troth.web import errors, reference

logger = logging.getLogger("troth.web")

OPENER = "token"
"""The name, in URL patterns, of the secret part that opens a page."""

_BUTTON = "do"
"""The name of the value that a form's button sends."""

Answer = Callable[[HttpRequest], HttpResponseBase]


def one_policy(answer: Answer) -> Answer:
    """The whole request under one version of the policy; a page that is only read shows each email in one state."""

    def under_one(request: HttpRequest) -> HttpResponseBase:
        reading = outbox.one_reading() if request.method in ("GET", "HEAD") else nullcontext()
        with in_force.one_law(), reading:
            return answer(request)

    return under_one


def by_session(answer: Answer) -> Answer:
    """Runs the request for its session: the database accepts staff's writes by the session's token."""

    def acting(request: HttpRequest) -> HttpResponseBase:
        with sessions.one_request(), gate.acting(request.session.session_key):
            return answer(request)

    return acting


def vendors_time(answer: Answer) -> Answer:
    """Shows all times in the vendor's time zone, which deadlines follow."""

    def in_zone(request: HttpRequest) -> HttpResponseBase:
        with timezone.override(site().brand.zone):
            return answer(request)

    return in_zone


def security_headers(answer: Answer) -> Answer:
    """Adds what browsers need to be told, and keeps pages out of shared caches."""

    def with_headers(request: HttpRequest) -> HttpResponseBase:
        response = answer(request)
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        # A page may change with the next adopted policy: it may be kept, but not shown without asking.
        response.headers.setdefault("Cache-Control", "private, no-cache")
        return response

    return with_headers


def forbid_caching(answer: Answer) -> Answer:
    """Keeps responses made for one person out of all caches.

    Where a signed-in session was looked at, or a secret is in the address. Within the session, around all that asks who
    it is. A page that asks nobody shows nobody."""

    def perhaps_kept(request: HttpRequest) -> HttpResponseBase:
        response = answer(request)
        return make_private(response) if _is_somebodys(request) else response

    return perhaps_kept


def _is_somebodys(request: HttpRequest) -> bool:
    match, session = request.resolver_match, request.session
    if match is not None and OPENER in match.kwargs:
        return True
    return session.accessed and not session.is_empty()


def browser_emptied(answer: Answer) -> Answer:
    """Clears what the browser kept of our pages when a session ends."""

    def with_order(request: HttpRequest) -> HttpResponseBase:
        response = answer(request)
        ended = response.cookies.get(settings.SESSION_COOKIE_NAME)
        if ended is not None and not ended.value:
            response.headers["Clear-Site-Data"] = '"cache", "storage"'  # no "cookies": known devices stay known
            response.headers["Cache-Control"] = NOT_STORED
        return response

    return with_order


def too_large(answer: Answer) -> Answer:
    """Answers with a page if the server dropped a body that was too large."""

    def unless_too_large(request: HttpRequest) -> HttpResponseBase:
        if errors.TOO_LARGE in getattr(request, "scope", {}):
            return errors.too_large(request)
        return answer(request)

    return unless_too_large


def method_told(answer: Answer) -> Answer:
    """Answers with a page where Django says 405 with nothing but a number."""

    def with_page(request: HttpRequest) -> HttpResponseBase:
        response = answer(request)
        if isinstance(response, HttpResponseNotAllowed) and not response.content:
            return errors.other_method(request, response.headers["Allow"])
        return response

    return with_page


def slash_forgiven(answer: Answer) -> Answer:
    """Redirects to the address with or without a final slash, if only that one exists."""

    def with_either(request: HttpRequest) -> HttpResponseBase:
        response = answer(request)
        if response.status_code != 404 or request.method not in ("GET", "HEAD"):
            return response
        other = request.path_info[:-1] if request.path_info.endswith("/") else f"{request.path_info}/"
        if is_valid_path(request.path_info) or not is_valid_path(other):
            return response
        query = request.META.get("QUERY_STRING", "")
        return HttpResponsePermanentRedirect(escape_leading_slashes(f"{other}?{query}" if query else other))

    return with_either


def readable_text(answer: Answer) -> Answer:
    """Refuses characters that no table can hold, in path, query and names, before anything else happens.

    In what was typed into a form they become a visible U+FFFD, which its view refuses beside the field."""

    def judged(request: HttpRequest) -> HttpResponseBase:
        if not _is_utf8(request) or any(map(breaks, _list_untyped(request))):
            return errors.unreadable(request)
        if any(map(breaks, _list_typed(request))):
            request.POST = _mark_broken(request.POST)  # type: ignore[assignment]
        return answer(request)

    return judged


def _is_utf8(request: HttpRequest) -> bool:
    """Whether query and body are UTF-8, and say so.

    Some names of other encodings make lone surrogates out of plain ones, and raw bytes that are no UTF-8 would be
    read as another encoding; those behind a % become U+FFFD, which `breaks` knows."""
    named = (request.content_params or {}).get("charset", "utf-8")
    try:
        for sent in _raw(request):
            sent.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return named.casefold() in ("utf-8", "utf8")


def _raw(request: HttpRequest) -> Iterator[bytes]:
    """Query and form body as bytes. The server has decoded the query already; WSGI does it as Latin-1."""
    query = request.META.get("QUERY_STRING", "")
    yield query.encode("latin-1" if isinstance(request, WSGIRequest) else "utf-8", "surrogateescape")
    if request.method == "POST" and request.content_type == "application/x-www-form-urlencoded":
        yield request.body


def _list_untyped(request: HttpRequest) -> Iterator[str]:
    """All text that nobody typed into a form, decoded; bodies that are no forms have readers of their own."""
    yield request.path_info
    for name, values in request.GET.lists():
        yield from (name, *values)
    if request.method == "POST":
        yield from (*request.POST, *request.POST.getlist(_BUTTON))
        for name, file in request.FILES.items():
            yield from (name, str(getattr(file, "name", "")))


def _list_typed(request: HttpRequest) -> Iterator[str]:
    for _name, values in request.POST.lists() if request.method == "POST" else ():
        yield from values


def _mark_broken(sent: QueryDict) -> QueryDict:
    marked = sent.copy()
    for name, values in sent.lists():
        marked.setlist(name, [*map(mark_broken, values)])
    return marked


def drop_undeclared_cookies(answer: Answer) -> Answer:
    """Removes each cookie that the policy does not declare, and says so in the log. Policy: #C8, #C11."""

    def without_undeclared(request: HttpRequest) -> HttpResponseBase:
        response = answer(request)
        for name in _list_undeclared(response):
            del response.cookies[name]
            logger.error("cookie %s is not declared in the policy and was not set", name)
        return response

    return without_undeclared


def _list_undeclared(response: HttpResponseBase) -> list[str]:
    if not response.cookies:
        return []
    policy = reference.policy_if_known()
    declared = policy.cookies if policy else MappingProxyType({})
    return [name for name in response.cookies if not find_declared(name, declared)]
