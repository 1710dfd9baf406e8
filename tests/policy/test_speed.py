"""The compiler answers an editor at once, also for a long policy."""

import time
from collections.abc import Callable

from bench.policy import SIZE, grown
from tests.policy.texts import changed

from troth.policy import compile, diff


def seconds(task: Callable[[], object]) -> float:
    """The best of three runs, in seconds of this process."""
    taken = []
    for _ in range(3):
        start = time.process_time()
        task()
        taken.append(time.process_time() - start)
    return min(taken)


def test_100_kilobytes_check_in_300_milliseconds_and_differ_in_100(reference: str) -> None:
    text = grown(reference, SIZE)
    old = compile(text).draft
    new = compile(changed(text, ("version: 1", "version: 2"), ("24 months", "36 months"))).draft
    assert old is not None
    assert new is not None
    assert len(text.encode()) >= SIZE
    assert seconds(lambda: compile(text)) < 0.3
    assert seconds(lambda: diff(old, new)) < 0.1
