"""Times of tasks, taken turn by turn so that whatever slows the machine slows all of them alike.

times = alternately({"ours": ours, "theirs": theirs}, runs=11)
times["ours"]                      # median seconds
"""

import gc
import time
from collections.abc import Callable, Mapping
from statistics import median

Task = Callable[[], object]


def alternately(tasks: Mapping[str, Task], *, runs: int, warm: int = 1, budget_seconds: float = 60) -> dict[str, float]:
    """Name → median seconds of the runs. After each has run `warm` times, they take turns; the budget ends it early."""
    for _ in range(warm):
        for task in tasks.values():
            task()
    times: dict[str, list[float]] = {name: [] for name in tasks}
    until = time.perf_counter() + budget_seconds
    for _ in range(runs):
        for name, task in tasks.items():
            times[name].append(seconds(task))
        if time.perf_counter() > until:
            break
    return {name: median(taken) for name, taken in times.items()}


def seconds(task: Task, *, clock: Callable[[], float] = time.perf_counter) -> float:
    """How long one run takes by this clock, without the garbage collector."""
    gc.collect(0)
    gc.disable()
    try:
        start = clock()
        task()
        return clock() - start
    finally:
        gc.enable()


def repeated(task: Task, times: int) -> Task:
    """The task so many times in a row."""

    def run() -> None:
        for _ in range(times):
            task()

    return run
