"""A request's calls stay in one chunk of the interpreter's stack."""

import resource

from django.http import HttpRequest, HttpResponse

from troth.web.stack import deep_calls

_DEPTH, _CALLS = 150, 20


def test_calls_at_any_depth_map_no_memory_anew() -> None:
    def answer(request: HttpRequest) -> HttpResponse:
        before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
        descend(_DEPTH)
        faults = resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before
        return HttpResponse(str(faults))

    answer(HttpRequest())
    deep = int(deep_calls(answer)(HttpRequest()).content)

    assert deep < 60, f"{deep} pages of memory were mapped: a chunk of the stack was left and entered again."


def descend(depth: int) -> None:
    for number in range(_CALLS):
        leaf(number, number, number, number)
    if depth:
        descend(depth - 1)


def leaf(a: int, b: int, c: int, d: int) -> tuple[int, ...]:
    return a, b, c, d
