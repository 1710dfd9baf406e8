"""The headers of every answer, from the site or from the server in front of it, and of answers that are special.

Special are private ones, files to save, and those that lead to another page.
"""

from typing import TypeVar

from django.http import HttpResponseBase, HttpResponseRedirect
from django.utils.http import content_disposition_header

HEADERS = {
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    # Not no-referrer: it turns Origin into "null", and our forms look at Origin.
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Permissions-Policy": (
        "accelerometer=(), browsing-topics=(), camera=(), display-capture=(), geolocation=(), gyroscope=(), "
        "magnetometer=(), microphone=(), payment=(), publickey-credentials-get=(self), usb=()"
    ),
}
"""Strict everywhere; a view that needs another value sets it itself."""

NOTHING_LOADED = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
"""The content security policy of a page without a frame."""

NOT_STORED = "no-store, private"
"""The cache rule of an answer that was made for one visitor."""

_PRIVATE = {"Cache-Control": NOT_STORED, "X-Robots-Tag": "noindex, nofollow"}

_Answer = TypeVar("_Answer", bound=HttpResponseBase)


def make_private(response: _Answer) -> _Answer:
    """The answer for one person alone: no cache stores it and no search engine lists it."""
    for name, value in _PRIVATE.items():
        response.headers[name] = value
    return response


def save_as(response: _Answer, name: str) -> _Answer:
    """The answer as a file that the browser saves under this name instead of showing it."""
    response.headers["Content-Disposition"] = str(content_disposition_header(True, name))
    return response


def see_other(address: str) -> HttpResponseRedirect:
    """To another page once a form has been dealt with: the browser gets it, and loading it again repeats nothing."""
    return HttpResponseRedirect(address, status=303)
