"""Threads for one kind of work, and a limit of requests waiting for them: one kind never uses the other's threads."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
R = TypeVar("R")


class NoRoom(Exception):
    """Too many requests are waiting already."""


class Lane:
    """A few threads, each with a lasting database connection."""

    def __init__(self, name: str, *, threads: int, waiting: int) -> None:
        self._threads = ThreadPoolExecutor(threads, thread_name_prefix=name)
        self._most, self._inside = threads + waiting, 0

    async def run(self, work: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
        """The result of the work. Raises NoRoom at once if too many are waiting."""
        if self._inside >= self._most:
            raise NoRoom
        self._inside += 1
        try:
            job = self._threads.submit(work, *args, **kwargs)
            return await asyncio.wrap_future(job)
        finally:
            self._inside -= 1
