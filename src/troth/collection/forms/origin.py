"""Checks that a form was sent from our own page by what the browser says, instead of by a cookie."""

from urllib.parse import SplitResult, urlsplit

from django.http import HttpRequest


def from_our_page(request: HttpRequest) -> bool:
    """True if the browser names our own page as the sender; False for other sites and for those that say nothing.

    Source  Fetch Metadata (Sec-Fetch-Site), Fetch standard (Origin); `Referer` for browsers older than both."""
    site = request.headers.get("Sec-Fetch-Site")
    origin = request.headers.get("Origin") or request.headers.get("Referer", "")
    if site is not None and site != "same-origin":
        return False
    if not origin:
        return site == "same-origin"
    try:
        sender = urlsplit(origin)
    except ValueError:  # no browser names a sender that is no address
        return False
    return (sender.scheme, sender.netloc) == (request.scheme, request.get_host())


def read_referrer(request: HttpRequest) -> SplitResult:
    """The page that led here, as the browser says; an empty one if what it says is no address."""
    try:
        return urlsplit(request.headers.get("Referer", ""))
    except ValueError:
        return urlsplit("")
