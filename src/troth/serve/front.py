"""The front of the site: it waits for slow clients, so that no thread has to. An ASGI application.

GET /healthz                      answered here, whatever the site's threads do
a body over 128 kB                thrown away as it comes, then 413
a body not here after 20 s        408, and the connection is closed
an incomplete or invalid body      400; a client that left does not get it
over 64 MB of bodies in all       503
512 requests wait for a thread    503; 64 that hash passwords
"""

import asyncio
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from django.http import HttpResponse

from troth.serve import limits
from troth.serve.lanes import Lane, NoRoom
from troth.serve.site import Site
from troth.web import errors, probes

Message = MutableMapping[str, Any]
Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]


class _Broken(Exception):
    """The body will never be complete: the client left, or its data can't be read. The server doesn't say which."""


class _TooLarge(Exception):
    """The body is larger than that of any form."""


class Front:
    """The application that the server calls. `at_first` runs once, at the first request."""

    def __init__(self, site: Site, *, at_first: Callable[[], None] = lambda: None) -> None:
        self._site, self._at_first = site, [at_first]
        self._pages = Lane("pages", threads=limits.PAGE_THREADS, waiting=limits.PAGES_WAITING)
        self._passwords = Lane("passwords", threads=limits.PASSWORD_THREADS, waiting=limits.PASSWORDS_WAITING)
        self._held_bytes = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        while self._at_first:
            self._at_first.pop()()
        answer = await self._answer(scope, receive)
        headers = [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in _headers(answer)]
        await send({"type": "http.response.start", "status": answer.status_code, "headers": headers})
        await send({"type": "http.response.body", "body": b"" if scope["method"] == "HEAD" else answer.content})

    async def _answer(self, scope: Scope, receive: Receive) -> HttpResponse:
        if scope["path"] == probes.ALIVE:
            return probes.alive(scope["method"])
        body = bytearray()
        try:
            async with asyncio.timeout(limits.BODY_WITHIN_SECONDS):
                await self._receive(body, scope, receive)
            return await self._lane(scope).run(self._site.answer, scope, bytes(body))
        except _TooLarge:
            return await self._pages.run(self._site.answer, {**scope, errors.TOO_LARGE: True}, b"")
        except _Broken:
            return errors.broken()
        except TimeoutError:
            return errors.late()
        except NoRoom:
            return errors.busy()
        finally:
            self._held_bytes -= len(body)

    async def _receive(self, body: bytearray, scope: Scope, receive: Receive) -> None:
        """The complete body. Raises _TooLarge, after discarding it, NoRoom and _Broken."""
        announced, came, more = _read_length(scope), 0, True
        if announced > limits.THROWN_AWAY_BYTES:
            raise _TooLarge
        while more and came <= limits.THROWN_AWAY_BYTES:
            message = await receive()
            if message["type"] != "http.request":
                raise _Broken
            part, more = message.get("body", b""), message.get("more_body", False)
            came += len(part)
            if max(came, announced) <= limits.MOST_BODY_BYTES:
                self._hold(body, part)
        if max(came, announced) > limits.MOST_BODY_BYTES:
            raise _TooLarge

    def _hold(self, body: bytearray, part: bytes) -> None:
        if self._held_bytes + len(part) > limits.MOST_HELD_BYTES:
            raise NoRoom
        self._held_bytes += len(part)
        body += part

    def _lane(self, scope: Scope) -> Lane:
        return self._passwords if self._site.hashes(scope) else self._pages


def _read_length(scope: Scope) -> int:
    """The length of the body by its header; 0 without one. The server refuses anything that isn't a number."""
    return next((int(value) for name, value in scope["headers"] if name == b"content-length"), 0)


def _headers(answer: HttpResponse) -> list[tuple[str, str]]:
    cookies = [("Set-Cookie", cookie.OutputString()) for cookie in answer.cookies.values()]
    return [*answer.items(), *cookies]
