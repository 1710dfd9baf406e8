"""Threads for one kind of work, and how many requests may wait for them: one kind never takes the other's."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
R = TypeVar("R")


class NoRoom(Exception):
    """As many wait already as can be answered in a while."""


class Lane:
    """A few threads, in each of which the database connection lasts."""

    def __init__(self, name: str, *, threads: int, waiting: int) -> None:
        self._threads = ThreadPoolExecutor(threads, thread_name_prefix=name)
        self._most, self._inside = threads + waiting, 0

    async def run(self, work: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
        """What the work gives. Raises NoRoom at once if too many wait."""
        if self._inside >= self._most:
            raise NoRoom
        self._inside += 1
        try:
            job = self._threads.submit(work, *args, **kwargs)
            return await asyncio.wrap_future(job)
        finally:
            self._inside -= 1
