"""Error pages: what is wrong, why, and what to do. They never need the database."""

import logging
import secrets
import sys
from typing import Any

import psycopg
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.contrib.sessions.exceptions import SessionInterrupted
from django.core.exceptions import DisallowedHost, RequestDataTooBig
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from troth.headers import HEADERS, NOT_STORED, NOTHING_LOADED, make_private, see_other
from troth.security import form_owner
from troth.security.entrances import Entrance, address_of
from troth.web import retyping
from troth.web.uploads import FilesRefused

logger = logging.getLogger("troth.web")

AWAY_SECONDS = 30
_BUSY = (
    psycopg.errors.LockNotAvailable,
    psycopg.errors.QueryCanceled,
    psycopg.errors.DeadlockDetected,
    psycopg.errors.SerializationFailure,
)
BUSY_SECONDS = 5
TOO_LARGE = "troth.too_large"
"""In an ASGI scope: the body was thrown away."""


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    if isinstance(exception, SessionInterrupted):  # signed out elsewhere, or erased, while this page was being made
        return see_other(address_of(Entrance.SIGN_IN))
    if isinstance(exception, RequestDataTooBig):
        return too_large(request)
    elsewhere = isinstance(exception, DisallowedHost)
    if elsewhere:  # the operator's line: Django's own names a setting that they don't have
        logger.warning("asked for under another host than that of TROTH_BASE_URL")
    files, ours = isinstance(exception, FilesRefused), settings.TROTH_BASE_URL if elsewhere else ""
    return _page(request, "400", status=400, files=files, ours=ours)


def other_method(request: HttpRequest, allowed: str) -> HttpResponse:
    """For an address that was asked in a way it does not take, e.g. a button's address typed by hand."""
    response = _page(request, "405", status=405)
    response.headers["Allow"] = allowed
    return response


def too_large(request: HttpRequest) -> HttpResponse:
    return _page(request, "413", status=413)


def unreadable(request: HttpRequest) -> HttpResponse:
    """For signs that stand for nothing, which no field can hold."""
    return _page(request, "400", status=400, unreadable=True)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _page(request, "403", status=403)


def show_forged(request: HttpRequest, reason: str = "") -> HttpResponse:
    """For Django's own protection of forms of people who are signed in; who no longer is, signs in again."""
    if there := retyping.lead_to_sign_in(request):
        return see_other(there)
    request.META[retyping.RENEWED] = form_owner.is_owner(
        getattr(request, "user", None), form_owner.read_secret(request)
    )
    return _page(request, "403", status=403, forged=True)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _page(request, "404", status=404)


def show_failed(request: HttpRequest) -> HttpResponse:
    """The page for our own errors; says it if the database is away or too slow."""
    error = sys.exc_info()[1]
    if isinstance(error, OperationalError | InterfaceError):
        request.user = AnonymousUser()  # the frame asks who is signed in: it would wait as long once more
        response = _page(request, "503", status=503, busy=isinstance(error.__cause__, _BUSY))
        response.headers["Retry-After"] = str(AWAY_SECONDS)
        return response
    return _page(request, "500", status=500)


def late() -> HttpResponse:
    """For a request that took too long to arrive. No thread, no database, no frame."""
    return _bare(
        _("Your request took too long"),
        _("We didn’t receive all of it in time, so nothing was saved. Check your connection, then try again."),
        status=408,
    )


def broken() -> HttpResponse:
    """For a request that cannot be taken apart. No thread, no database, no frame."""
    return _bare(
        _("We can’t read this request"),
        _("Something in the address or the form isn’t what a browser would send. Nothing was saved."),
        status=400,
    )


def busy() -> HttpResponse:
    """For a request that would wait too long for its turn. No thread, no database, no frame."""
    response = _bare(
        _("Too busy right now"),
        _("We’re getting more requests than we can answer right now. Nothing was saved. Try again in a minute."),
        status=503,
    )
    response.headers["Retry-After"] = str(BUSY_SECONDS)
    return response


def _page(request: HttpRequest, name: str, *, status: int, **context: Any) -> HttpResponse:
    number = _reference_number()
    logger.warning("answered %s, reference %s", status, number)
    try:
        body: str = render_to_string(f"web/errors/{name}.html", {"number": number, **context}, request)
    except Exception:
        # Whatever broke the page may break its frame too: a page without one is better than none.
        logger.exception("the page of reference %s could not be made", number)
        sentence = _("Nothing was saved. Try again in a minute. If you contact us, include error number %(number)s.")
        return _bare(_("Something went wrong"), sentence % {"number": number}, status=status)
    return make_private(HttpResponse(body, status=status))


def _reference_number() -> str:
    """Short enough to be said on the phone, e.g. 7F3-22C; the log has it beside what went wrong."""
    digits = secrets.token_hex(3).upper()
    return f"{digits[:3]}-{digits[3:]}"


def _bare(title: str, sentence: str, *, status: int) -> HttpResponse:
    body = (
        '<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">'
        f"<title>{title}</title><h1>{title}</h1><p>{sentence}</p></html>"
    )
    length = str(len(body.encode()))
    own = {"Cache-Control": NOT_STORED, "Content-Security-Policy": NOTHING_LOADED, "Content-Length": length}
    return HttpResponse(body, status=status, headers={**HEADERS, **own})
