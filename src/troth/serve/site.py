"""The site as a function of one complete request, called in a thread, from Django's own parts."""

import io
from collections.abc import MutableMapping
from typing import IO, Any
from urllib.parse import quote_from_bytes

from django.core import signals
from django.core.handlers.asgi import ASGIRequest
from django.core.handlers.base import BaseHandler
from django.http import HttpResponse
from django.http.response import HttpResponseBase, StreamingHttpResponse
from django.urls import Resolver404, resolve, set_script_prefix

from troth.collection.downloads import Download
from troth.web import errors

_PRINTABLE = "".join(map(chr, range(0x21, 0x7F)))

Scope = MutableMapping[str, Any]


class Site(BaseHandler):
    """Django, already set up."""

    def __init__(self) -> None:
        self.load_middleware()

    def answer(self, scope: Scope, body: bytes | IO[bytes]) -> HttpResponse | Download:
        """The whole response: what streams is gathered, so that a slow reader keeps no thread.

        A download alone is handed on as it is: the caller asks for its parts one by one, and closes it."""
        set_script_prefix("/")
        sent = io.BytesIO(body) if isinstance(body, bytes) else body
        try:
            request = ASGIRequest({**scope, "query_string": _ascii(scope)}, sent)
        except ValueError:  # of its headers: a kind of content that names an encoding that nobody has
            return errors.broken()
        signals.request_started.send(sender=self.__class__, scope=scope)
        response = self.get_response(request)
        if isinstance(response, Download):
            return response
        try:
            return _whole(response)
        finally:
            response.close()  # sends request_finished, which looks after the thread's database connection

    def hashes(self, scope: Scope) -> bool:
        """Whether this request may hash a password: its view says so, and something was sent to it."""
        return _is_marked(scope, "hashes")

    def takes_files(self, scope: Scope) -> bool:
        """Whether files may come with this request: its view says so."""
        return _is_marked(scope, "takes_files")


def _is_marked(scope: Scope, mark: str) -> bool:
    if scope["method"] != "POST":
        return False
    try:
        return getattr(resolve(scope["path"]).func, mark, False)
    except Resolver404:
        return False


def _ascii(scope: Scope) -> bytes:
    """The query with all invalid characters percent-encoded: Django would refuse to decode them."""
    return quote_from_bytes(scope["query_string"], safe=_PRINTABLE).encode()


def _whole(response: HttpResponseBase) -> HttpResponse:
    if isinstance(response, HttpResponse):
        return response
    assert isinstance(response, StreamingHttpResponse)
    whole = HttpResponse(b"".join(response), status=response.status_code)
    whole.headers, whole.cookies = response.headers, response.cookies
    return whole
