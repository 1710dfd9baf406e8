"""Addresses of the console under names that rooms had in earlier releases, so that bookmarks lead on."""

from collections.abc import Iterator

from django.http import HttpRequest, HttpResponsePermanentRedirect
from django.urls import URLPattern, path

from troth.desk import index


def list_former() -> Iterator[URLPattern]:
    """Routes below /console/<former name>/ for each room that had another name."""
    for former, to in ((former, room.name) for room in index.rooms() for former in room.formerly):
        yield path(f"console/{former}/", lead_on, {"to": to}, name=f"console-{former}")
        yield path(f"console/{former}/<path:rest>", lead_on, {"to": to}, name=f"console-{former}-page")


def lead_on(request: HttpRequest, to: str, rest: str = "") -> HttpResponsePermanentRedirect:
    """Redirects to today's address, which checks who may see it."""
    query = request.META.get("QUERY_STRING", "")
    answer = HttpResponsePermanentRedirect(f"/console/{to}/{rest}{'?' if query else ''}{query}")
    answer.status_code = 308  # unlike 301, it keeps what a form sends that was open during the upgrade
    return answer
