"""A request's calls stay in one chunk of the interpreter's stack."""

import resource

from django.http import HttpRequest, HttpResponse

from troth.web.stack import deep_calls

_DEPTH, _CALLS = 150, 20


def test_calls_at_any_depth_map_no_memory_anew() -> None:
    def answer(request: HttpRequest) -> HttpResponse:
        before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
        descend(_DEPTH)
        return HttpResponse(str(resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before))

    answer(HttpRequest())
    deep = deep_calls(answer)(HttpRequest())

    assert isinstance(deep, HttpResponse)
    faults = int(deep.content)
    assert faults < 60, f"{faults} pages of memory were mapped: a chunk of the stack was left and entered again."


def descend(depth: int) -> None:
    for number in range(_CALLS):
        leaf(number, number, number, number)
    if depth:
        descend(depth - 1)


def leaf(a: int, b: int, c: int, d: int) -> tuple[int, ...]:
    return a, b, c, d
