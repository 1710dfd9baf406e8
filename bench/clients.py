"""A small client: connections that stay open and ask one after another, and what each answer took.

taken = asyncio.run(load(port, get("/"), connections=8, seconds=4))
taken.per_second, taken.at(0.99)
"""

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

HOST = "localhost"


@dataclass
class Taken:
    """Seconds of each visit, and in how many seconds they were made."""

    seconds: float = 0
    each: list[float] = field(default_factory=list)

    @property
    def per_second(self) -> float:
        return len(self.each) / self.seconds

    def at(self, share: float) -> float:
        """The time within which this share of the visits was over."""
        ranked = sorted(self.each)
        return ranked[min(len(ranked) - 1, int(share * len(ranked)))]


class Connection:
    """One open connection; `number` is another one for each visit of the whole run.

    location  where the last answer leads, if it is a redirect"""

    _visits = 0
    location = ""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader, self._writer = reader, writer

    @classmethod
    def number(cls) -> int:
        cls._visits += 1
        return cls._visits

    async def ask(self, request: bytes, *, expected: tuple[int, ...] = (200,)) -> bytes:
        """The answer's body. Raises AssertionError for another status than those expected."""
        self._writer.write(request)
        head = await self._reader.readuntil(b"\r\n\r\n")
        status, lines = int(head.split(b" ", 2)[1]), head.lower()
        length = int(lines.partition(b"content-length: ")[2].partition(b"\r\n")[0] or 0)
        body = await self._reader.readexactly(length)
        named = lines.find(b"\r\nlocation: ")
        self.location = head[named + 12 :].partition(b"\r\n")[0].decode() if named >= 0 else ""
        assert status in expected, f"{request.splitlines()[0]!r}: {status}"
        return body


Visit = Callable[[Connection], Coroutine[Any, Any, object]]


def request(method: str, path: str, *, visitor: int, body: bytes = b"", cookie: str = "") -> bytes:
    """As a browser sends it; each visitor comes from a network of their own, so that no limit is met."""
    lines = [
        f"{method} {path} HTTP/1.1",
        f"Host: {HOST}",
        f"Origin: http://{HOST}",
        "Sec-Fetch-Site: same-origin",
        f"X-Forwarded-For: 10.{visitor >> 8 & 255}.{visitor & 255}.{visitor >> 16 & 255}",
    ]
    lines += [f"Cookie: {cookie}"] if cookie else []
    lines += ["Content-Type: application/x-www-form-urlencoded", f"Content-Length: {len(body)}"] if body else []
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


async def load(port: int, visit: Visit, *, connections: int, seconds: float) -> Taken:
    """So many connections that visit one after another for so long. Each has visited once before, to warm up."""
    taken, warm = Taken(), asyncio.Barrier(connections + 1)
    async with asyncio.TaskGroup() as visiting:  # which ends when one visit fails, so that nobody waits for it
        for _ in range(connections):
            visiting.create_task(_visiting(port, visit, taken, warm, seconds))
        await warm.wait()
        begins = time.perf_counter()
    taken.seconds = time.perf_counter() - begins  # what was begun in time was waited for
    return taken


@asynccontextmanager
async def connected(port: int) -> AsyncIterator[Connection]:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        yield Connection(reader, writer)
    finally:
        writer.close()


async def _visiting(port: int, visit: Visit, taken: Taken, warm: asyncio.Barrier, seconds: float) -> None:
    async with connected(port) as connection:
        await visit(connection)
    await warm.wait()  # for longer, perhaps, than an idle connection lasts
    async with connected(port) as connection:
        ends = time.perf_counter() + seconds
        while (start := time.perf_counter()) < ends:
            await visit(connection)
            taken.each.append(time.perf_counter() - start)
