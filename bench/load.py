"""Many writers at once: two processes with the connections between them, each doing one thing for some seconds.

with Load() as load:
    load.rate("bench.writing:kept", connections=64, seconds=3)      # how often a second, by all together
"""

import multiprocessing
import threading
import time
from collections.abc import Callable
from contextlib import ExitStack
from importlib import import_module
from multiprocessing.connection import Connection
from typing import Any

PROCESSES = 2
_RAMP_SECONDS = 0.4

Work = Callable[[], None]


class Load(ExitStack):
    """The processes, started once; a task is named module:function and gives, in each thread, what to repeat."""

    def __enter__(self) -> "Load":
        super().__enter__()
        context = multiprocessing.get_context("spawn")
        self._ends: list[Connection] = []
        for _ in range(PROCESSES):
            ours, theirs = context.Pipe()
            process = context.Process(target=_serve, args=(theirs,), daemon=True)
            process.start()
            self.callback(process.join, 10)
            self.callback(ours.send, None)
            self._ends.append(ours)
        return self

    def rate(self, task: str, *, connections: int, seconds: float) -> float:
        """How often a second the task was done. Raises what a thread raised."""
        ends = self._ends[: min(PROCESSES, connections)]
        begin = time.time() + _RAMP_SECONDS + 0.01 * connections
        for end in ends:
            end.send((task, connections // len(ends), begin, seconds))
        found = [end.recv() for end in ends]
        for it in found:
            if isinstance(it, str):
                raise RuntimeError(it)
        return float(sum(found)) / seconds


def _serve(end: Connection) -> None:
    import django

    django.setup()
    while (asked := end.recv()) is not None:
        end.send(_answer(*asked))


def _answer(task: str, threads: int, begin: float, seconds: float) -> int | str:
    module, name = task.split(":")
    done, problems = [0] * threads, []

    def run(number: int) -> None:
        try:
            with ExitStack() as stack:
                done[number] = _repeat(getattr(import_module(module), name)(stack), begin=begin, seconds=seconds)
        except Exception as error:
            problems.append(f"{task}: {error!r}")

    started = [threading.Thread(target=run, args=(number,)) for number in range(threads)]
    for thread in started:
        thread.start()
    for thread in started:
        thread.join()
    return problems[0] if problems else sum(done)


def _repeat(work: Work, *, begin: float, seconds: float) -> int:
    """How often it was done from `begin` on; once before, to warm up."""
    work()
    time.sleep(max(0, begin - time.time()))
    count, until = 0, begin + seconds
    while time.time() < until:
        work()
        count += 1
    return count


def connected(stack: ExitStack, *, role: str, **more: Any) -> Any:
    """A connection of its own under the role, closed with the stack."""
    import os

    import psycopg

    url = os.environ["DATABASE_URL" if role == "application" else "TROTH_OWNER_URL"]
    return stack.enter_context(psycopg.connect(url, autocommit=True, prepare_threshold=1, **more))
