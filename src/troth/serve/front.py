"""The front of the site: it waits for slow clients, so that no thread has to. An ASGI application.

GET /healthz                      answered here, whatever the site's threads do
a body over 128 kB                thrown away as it comes, then 413; with files 128 MB, which wait on the disk
a body not here after 20 s        408, and the connection is closed; one with files has a second more for each 64 kB
a body that is none               400; a visitor who left in the middle does not hear it
over 64 MB of bodies in all       503
512 requests wait for a thread    503; 64 that hash passwords; 32 with files
a file to download                sent part by part, each by a thread that is free again while the reader takes it
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterator, MutableMapping
from itertools import islice
from typing import Any

from django.http import HttpResponse

from troth.collection.downloads import Download
from troth.serve import limits
from troth.serve.lanes import Lane, NoRoom
from troth.serve.site import Site
from troth.serve.spool import Spool
from troth.web import errors, probes

Message = MutableMapping[str, Any]
Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]

_PARTS_AT_ONCE = 16
"""Of a download, between two turns of a thread: one megabyte."""


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
        self._uploads = Lane("uploads", threads=limits.UPLOAD_THREADS, waiting=limits.UPLOADS_WAITING)
        self._held_bytes = self._spooled_bytes = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        while self._at_first:
            self._at_first.pop()()
        answer = await self._answer(scope, receive)
        headers = [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in _headers(answer)]
        await send({"type": "http.response.start", "status": answer.status_code, "headers": headers})
        if isinstance(answer, Download):
            return await self._send_parts(answer, send, empty=scope["method"] == "HEAD")
        await send({"type": "http.response.body", "body": b"" if scope["method"] == "HEAD" else answer.content})

    async def _send_parts(self, answer: Download, send: Send, *, empty: bool) -> None:
        """A part that cannot be read breaks the connection off: what came so far is not the file."""
        parts = iter(answer)
        try:
            while not empty and (some := await self._pages.run(_some, parts)):
                await send({"type": "http.response.body", "body": some, "more_body": True})
            await send({"type": "http.response.body", "body": b""})
        finally:
            await self._pages.run(answer.close)

    async def _answer(self, scope: Scope, receive: Receive) -> HttpResponse | Download:
        if scope["path"] == probes.ALIVE:
            return probes.alive(scope["method"])
        if _is_multipart(scope) and self._site.takes_files(scope):
            return await self._upload(scope, receive)
        body = bytearray()

        def hold(part: bytes) -> None:
            self._hold(body, part)

        try:
            async with asyncio.timeout(limits.BODY_WITHIN_SECONDS):
                await _receive(scope, receive, hold, most=limits.MOST_BODY_BYTES)
            return await self._lane(scope).run(self._site.answer, scope, bytes(body))
        except _REFUSED as refused:
            return await self._refuse(scope, refused)
        finally:
            self._held_bytes -= len(body)

    async def _upload(self, scope: Scope, receive: Receive) -> HttpResponse | Download:
        """As `_answer`, for a body with files."""
        spool = Spool()

        def hold(part: bytes) -> None:
            if self._spooled_bytes + len(part) > limits.MOST_SPOOLED_BYTES:
                raise NoRoom
            self._spooled_bytes += len(part)
            spool.write(part)

        most = min(_read_length(scope), limits.MOST_UPLOAD_BYTES)
        try:
            async with asyncio.timeout(limits.BODY_WITHIN_SECONDS + most / limits.UPLOAD_BYTES_A_SECOND):
                await _receive(scope, receive, hold, most=limits.MOST_UPLOAD_BYTES)
            return await self._uploads.run(self._site.answer, scope, spool.reader())
        except _REFUSED as refused:
            return await self._refuse(scope, refused)
        finally:
            self._spooled_bytes -= spool.size
            spool.close()

    async def _refuse(self, scope: Scope, refused: Exception) -> HttpResponse | Download:
        match refused:
            case _TooLarge():
                return await self._pages.run(self._site.answer, {**scope, errors.TOO_LARGE: True}, b"")
            case _Broken():
                return errors.broken()
            case NoRoom():
                return errors.busy()
        return errors.late()

    def _hold(self, body: bytearray, part: bytes) -> None:
        if self._held_bytes + len(part) > limits.MOST_HELD_BYTES:
            raise NoRoom
        self._held_bytes += len(part)
        body += part

    def _lane(self, scope: Scope) -> Lane:
        return self._passwords if self._site.hashes(scope) else self._pages


_REFUSED = (_TooLarge, _Broken, TimeoutError, NoRoom)


async def _receive(scope: Scope, receive: Receive, hold: Callable[[bytes], None], *, most: int) -> None:
    """All of the body. Raises _TooLarge, once it is thrown away, NoRoom and _Broken."""
    announced, came, more = _read_length(scope), 0, True
    thrown_away = max(most, limits.THROWN_AWAY_BYTES)
    if announced > thrown_away:
        raise _TooLarge
    while more and came <= thrown_away:
        message = await receive()
        if message["type"] != "http.request":
            raise _Broken
        part, more = message.get("body", b""), message.get("more_body", False)
        came += len(part)
        if max(came, announced) <= most:
            hold(part)
    if max(came, announced) > most:
        raise _TooLarge


def _some(parts: Iterator[bytes]) -> bytes:
    """The next megabyte; nothing at the end."""
    return b"".join(islice(parts, _PARTS_AT_ONCE))


def _is_multipart(scope: Scope) -> bool:
    return any(name == b"content-type" and value.startswith(b"multipart/") for name, value in scope["headers"])


def _read_length(scope: Scope) -> int:
    """The length of the body by its header; 0 without one. The server refuses anything that isn't a number."""
    return next((int(value) for name, value in scope["headers"] if name == b"content-length"), 0)


def _headers(answer: HttpResponse | Download) -> list[tuple[str, str]]:
    cookies = [("Set-Cookie", cookie.OutputString()) for cookie in answer.cookies.values()]
    return [*answer.items(), *cookies]
