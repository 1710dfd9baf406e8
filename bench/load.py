"""Many writers at once: two processes with the connections between them, each doing one thing for some seconds.

Timing begins once every process has started and every connection has done its task once.

with Load() as load:
    load.rate("bench.writing:kept", connections=64, seconds=3)      # how often a second, by all together
"""

import multiprocessing
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from importlib import import_module
from multiprocessing.connection import Connection
from typing import Any

PROCESSES = 2
_RAMP_SECONDS = 0.1

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
        for end in ends:
            end.send((task, connections // len(ends), seconds))
        _receive(ends)
        begin = time.time() + _RAMP_SECONDS
        for end in ends:
            end.send(begin)
        return float(sum(_receive(ends))) / seconds


def _receive(ends: Sequence[Connection]) -> list[int]:
    found = [end.recv() for end in ends]
    for it in found:
        if isinstance(it, str):
            raise RuntimeError(it)
    return found


def _serve(end: Connection) -> None:
    import django

    django.setup()
    while (asked := end.recv()) is not None:
        end.send(_answer(end, *asked))


def _answer(end: Connection, task: str, threads: int, seconds: float) -> int | str:
    """How often it was done by all threads, or what one of them raised. Before that, 0 once all of them are warm."""
    module, name = task.split(":")
    done, problems, begin = [0] * threads, list[str](), 0.0

    def agree() -> None:
        nonlocal begin
        end.send(0)
        begin = end.recv()

    warm = threading.Barrier(threads, action=agree)

    def run(number: int) -> None:
        try:
            with ExitStack() as stack:
                work = getattr(import_module(module), name)(stack)
                work()
                warm.wait()
                done[number] = _repeat(work, begin=begin, seconds=seconds)
        except Exception as error:
            problems.append(f"{task}: {error!r}")
            warm.abort()

    started = [threading.Thread(target=run, args=(number,)) for number in range(threads)]
    for thread in started:
        thread.start()
    for thread in started:
        thread.join()
    return problems[0] if problems else sum(done)


def _repeat(work: Work, *, begin: float, seconds: float) -> int:
    """How often it was done from `begin` on."""
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
