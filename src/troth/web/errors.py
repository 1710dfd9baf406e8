"""Pages for when something is wrong: what is the case, why, and what to do. They never need the database."""

import logging
import secrets
import sys
from typing import Any

import psycopg
from django.contrib.auth.models import AnonymousUser
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

logger = logging.getLogger("troth.web")

AWAY_SECONDS = 30
_BUSY = (
    psycopg.errors.LockNotAvailable,
    psycopg.errors.QueryCanceled,
    psycopg.errors.DeadlockDetected,
    psycopg.errors.SerializationFailure,
)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _page(request, "400", status=400)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _page(request, "403", status=403)


def forged(request: HttpRequest, reason: str = "") -> HttpResponse:
    """For Django's own protection of forms of people who are signed in."""
    return _page(request, "403", status=403, forged=True)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _page(request, "404", status=404)


def failed(request: HttpRequest) -> HttpResponse:
    """Our fault; or, told apart, the database being away or busy with something that takes too long."""
    error = sys.exc_info()[1]
    if isinstance(error, OperationalError | InterfaceError):
        request.user = AnonymousUser()  # the frame asks who is signed in: it would wait as long once more
        response = _page(request, "503", status=503, busy=isinstance(error.__cause__, _BUSY))
        response.headers["Retry-After"] = str(AWAY_SECONDS)
        return response
    return _page(request, "500", status=500)


def _page(request: HttpRequest, name: str, *, status: int, **context: Any) -> HttpResponse:
    number = _reference_number()
    logger.warning("answered %s, reference %s", status, number)
    try:
        body: str = render_to_string(f"web/errors/{name}.html", {"number": number, **context}, request)
    except Exception:
        # Whatever broke the page may break its frame too: a page without one is better than none.
        logger.exception("the page of reference %s could not be made", number)
        body = _bare(number)
    return HttpResponse(body, status=status, headers={"Cache-Control": "no-store"})


def _reference_number() -> str:
    """Short enough to be said on the phone, e.g. 7F3-22C; the log has it beside what went wrong."""
    digits = secrets.token_hex(3).upper()
    return f"{digits[:3]}-{digits[3:]}"


def _bare(number: str) -> str:
    title = _("Our fault")
    sentence = _("Nothing was saved. Try again in a minute. The number of this failure is %(number)s.")
    return (
        '<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">'
        f"<title>{title}</title><h1>{title}</h1><p>{sentence % {'number': number}}</p></html>"
    )
