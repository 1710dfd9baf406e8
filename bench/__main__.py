"""All measurements in one run, in a database of their own: `make bench`.

    python -m bench                 everything; writes results/<date>.json
    python -m bench --small         the same with 40,000 people at most, to try it out; writes nothing

The tables grow in place; what is measured at which size stands in the order below. In the end it prints where the time
went, by section.
"""

import sys
import time
from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from operator import itemgetter

from bench import (
    adopting,
    bounces,
    deciding,
    desk,
    mailing,
    memory,
    pages,
    probing,
    receiving,
    rights,
    sealing,
    selecting,
    serving,
    supporting,
    updating,
    using,
    writing,
)
from bench import policy as compiling
from bench.figures import Figure, machine, missed, table, written
from bench.people import People, templates
from bench.surroundings import description, surroundings
from troth import database

SIZES = (250_000, 1_000_000, 2_000_000)
SMALL = (5_000, 20_000, 40_000)
_seconds: defaultdict[str, float] = defaultdict(float)
"""By section of the run."""


class WrongStanding(Exception):
    """The copies stand otherwise than their data and answers say: whatever is measured on them means nothing."""


def main() -> None:
    small = "--small" in sys.argv[1:]
    about, start = machine(), time.monotonic()
    figures = list(_shown(_timed("policy", compiling.figures())))
    with surroundings() as cluster:
        about |= description(cluster)
        figures += _shown(_all(cluster, SMALL if small else SIZES))
    figures += _shown(_timed("serving", serving.apart()))
    taken = time.monotonic() - start
    print(f"\n{len(figures)} figures in {taken:.0f} s; {len(missed(figures))} miss their target.")
    print(
        "Seconds: "
        + ", ".join(
            f"{section} {seconds:.0f}" for section, seconds in sorted(_seconds.items(), key=itemgetter(1), reverse=True)
        )
    )
    if not small:
        print(written(figures, machine=about | {"run_seconds": round(taken)}, now_utc=datetime.now(UTC)))


def _all(cluster: database.Cluster, sizes: tuple[int, ...]) -> Iterator[Figure]:
    with _section("people"):
        people = templates(cluster)
        her = rights.dora(people)
    yield from _timed("deciding", deciding.in_memory(people))
    (small,) = _timed("rights", rights.copies(her, name=f"{people.count:,} people"))
    yield small
    times = []
    for size in sizes:
        with _section("people"):
            people = _grown(people, size)
        with _section("selecting"):
            times.append(selecting.taken(people))
        target = selecting.PREDICATE_RATIO if size >= sizes[-2] else None
        yield from _timed("selecting", selecting.figures(times[-1], name=_named(size), target=target))
        if size == sizes[-2]:
            yield from _at_a_million(people)
    name = f"{_named(sizes[0])} → {_named(size)}"
    yield from _timed("selecting", [selecting.growth(times[0], times[-1], times=sizes[-1] // sizes[0], name=name)])
    yield from _timed("rights", rights.figures(her, before=small, name=_named(size)))
    yield from _timed("pages", pages.figures(her))
    yield from _timed("desk", desk.figures(people, share=min(1, sizes[-1] / SIZES[-1])))
    yield from _timed("adopting", adopting.figures(people))
    yield from _timed("updating", updating.figures(people))
    yield from _timed("selecting", _among_cohorts(people, name=_named(size)))
    yield from _writing(people)
    yield from _timed("probing", probing.figures(her))
    yield from _timed("expiry", updating.expiry(people, share=min(1, sizes[-1] / SIZES[-1])))


def _at_a_million(people: People) -> Iterator[Figure]:
    yield from _timed("deciding", deciding.with_database(people))
    yield from _timed("using", using.many(people))
    yield from _timed("memory", memory.figures(people.count))
    yield from _timed("mailing", mailing.planning(people))
    yield from _timed("selecting", selecting.others(people, name=_named(people.count)))


def _among_cohorts(people: People, *, name: str) -> Iterator[Figure]:
    cohorts = selecting.spread(people)
    _refuse_wrong(people)
    taken = selecting.taken(people, runs=5, with_joined=False)
    yield from selecting.figures(taken, name=f"{name}, {cohorts:,} cohorts")


def _writing(people: People) -> Iterator[Figure]:
    """After the tables have grown, for these make people of their own."""
    yield from _timed("using", using.figures(people))
    yield from _timed("choices", writing.choices(people))
    yield from _timed("quotes", writing.quotes(people))
    yield from _timed("mailing", mailing.sending(people))
    yield from _timed("sealing", sealing.figures(people))
    yield from _timed("receiving", receiving.figures())
    yield from _timed("supporting", supporting.figures())
    yield from _timed("bounces", bounces.figures())


def _grown(people: People, size: int) -> People:
    grown = people.grown(size)
    _refuse_wrong(grown)
    return grown


def _refuse_wrong(people: People) -> None:
    if found := people.differences():
        raise WrongStanding(f"{found} of a sample of people do not stand as their data and answers say.")


def _named(size: int) -> str:
    return f"{size / 1e6:g}M people"


@contextmanager
def _section(name: str) -> Iterator[None]:
    start = time.monotonic()
    try:
        yield
    finally:
        _seconds[name] += time.monotonic() - start


def _timed(section: str, figures: Iterable[Figure]) -> Iterator[Figure]:
    """The same figures; each says its section, for which the time of making it is noted."""
    each = iter(figures)
    while True:
        with _section(section):
            figure = next(each, None)
        if figure is None:
            return
        yield replace(figure, section=section)


def _shown(figures: Iterable[Figure]) -> Iterator[Figure]:
    """The same figures, each printed as soon as it is known, with the seconds that it took."""
    before = time.monotonic()
    for figure in figures:
        print(f"{time.monotonic() - before:5.1f} s  {table([figure])}", flush=True)
        before = time.monotonic()
        yield figure


if __name__ == "__main__":
    main()
