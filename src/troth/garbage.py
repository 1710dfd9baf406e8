"""When Python looks for garbage: never while the program is loaded, nor at what was loaded, and else seldom.

What a request or a job makes is freed as soon as nothing refers to it; only circles wait. What is loaded stays: looking
through it took a tenth of the loading, and as long again each time that much had been made since.
"""

import gc
from collections.abc import Iterator
from contextlib import contextmanager

_AFTER = (50_000, 20, 100)
"""New objects before a look, instead of 700; looks at the young and at the middle ones before one at the older."""


@contextmanager
def loading() -> Iterator[None]:
    """Inside it nobody looks, and later nobody looks at what was made in it. Processes that are forked inherit it."""
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.set_threshold(*_AFTER)
        gc.enable()
