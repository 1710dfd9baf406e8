"""Room for deep calls: CPython keeps its frames in chunks of 16 kB, and maps and unmaps one when calls cross an end.

A page is templates within templates, a hundred calls deep, and a loop that happens to run at such an end crosses it a
thousand times. A request that begins with a frame of half a large chunk has the other half for all that it calls.

Source  push_chunk in Python/pystate.c of CPython 3.11
"""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponseBase

_SLOTS = 17_000
"""Of 8 bytes: just over 128 kB, so the chunk has 256 and leaves about 120. They are never written to."""

Answer = Callable[[HttpRequest], HttpResponseBase]


def deep_calls(answer: Answer) -> Answer:
    """Answers in one chunk: outermost, so that the chunk is mapped once a request."""

    def deep(request: HttpRequest) -> HttpResponseBase:
        return answer(request)

    deep.__code__ = deep.__code__.replace(co_stacksize=_SLOTS)
    return deep
