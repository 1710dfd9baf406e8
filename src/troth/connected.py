"""Threads that each keep their connection to the database from one piece of work to the next.

A connection's first work takes the database some 90 ms more, in which it compiles our functions.
"""

import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor, wait

from django.db import transaction


class ConnectedThreads:
    """So many threads; inside it they last, and at its end their connections are closed."""

    def __init__(self, count: int) -> None:
        self._count = count
        self._threads = ThreadPoolExecutor(count)
        self._all = threading.Barrier(count)
        self._in_each = threading.Lock()

    def __enter__(self) -> "ConnectedThreads":
        return self

    def __exit__(self, *_error: object) -> None:
        self.disconnect()
        self._threads.shutdown()

    def start(self, act: Callable[[], None]) -> "Future[None]":
        """What is done in one of them, as soon as one is free."""
        return self._threads.submit(act)

    def run_in_each(self, act: Callable[[int], None]) -> None:
        """The act in each of them at once, with the thread's number. What one raises is raised in the end."""

        def run(number: int) -> None:
            self._all.wait()  # so that no thread has two parts and another one none
            act(number)

        with self._in_each:  # of two acts at once, neither would get all threads
            running = [self._threads.submit(run, number) for number in range(self._count)]
            wait(running)
        for each in running:
            each.result()

    def disconnect(self) -> None:
        """Closes their connections; who goes on gets a new one."""
        self.run_in_each(lambda _number: transaction.get_connection().close())
