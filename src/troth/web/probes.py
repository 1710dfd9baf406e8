"""What a supervisor, a proxy or an orchestra of containers asks: does the process live, can it serve pages?

    /healthz   alive   answered by the server's front, without a thread, the database or a look at the host's name
    /readyz    ready   the database answers, and a policy is in force

Both are answered over plain http and under whatever name the asker uses, also where people are led to https.
"""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, HttpResponseBase

from troth import in_force
from troth.headers import HEADERS, NOT_STORED, NOTHING_LOADED
from troth.web import reference

ALIVE, READY = "/healthz", "/readyz"
_SAFE = ("GET", "HEAD")


def probes(answer: Callable[[HttpRequest], HttpResponseBase]) -> Callable[[HttpRequest], HttpResponseBase]:
    """Before everything that could lead the asker elsewhere, or refuse the name by which it asks."""

    def before_all(request: HttpRequest) -> HttpResponseBase:
        if request.path_info == ALIVE:
            return alive(request.method or "")
        if request.path_info == READY:
            return ready(request.method or "")
        return answer(request)

    return before_all


def alive(method: str) -> HttpResponse:
    """200 as long as there is someone who answers."""
    return _plain("ok", 200) if method in _SAFE else _wrong_method()


def ready(method: str) -> HttpResponse:
    """200 if pages can be made; 503 while the database is away or before a policy is adopted."""
    if method not in _SAFE:
        return _wrong_method()
    try:
        known = reference.policy_if_known() is not None
    except in_force.NothingAdopted:
        return _plain("no policy is adopted", 503)
    return _plain("ready", 200) if known else _plain("the database is away", 503)


def _wrong_method() -> HttpResponse:
    response = _plain("only GET and HEAD", 405)
    response.headers["Allow"] = ", ".join(_SAFE)
    return response


def _plain(words: str, status: int) -> HttpResponse:
    own = {
        "Cache-Control": NOT_STORED,
        "Content-Security-Policy": NOTHING_LOADED,
        "Content-Length": str(len(words) + 1),
    }
    plain = "text/plain; charset=utf-8"
    return HttpResponse(f"{words}\n", content_type=plain, status=status, headers={**HEADERS, **own})
