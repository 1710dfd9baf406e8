"""All measurements in one run, in a database of their own: `make bench`.

    python -m bench                 everything, in about ten minutes on two idle cores; writes results/<date>.json
    python -m bench --small         the same with 40,000 people at most, to try it out; writes nothing

The tables grow in place; what is measured at which size stands in the order below.
"""

import sys
import time
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime

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


class WrongStanding(Exception):
    """The copies stand otherwise than their data and answers say: whatever is measured on them means nothing."""


def main() -> None:
    small = "--small" in sys.argv[1:]
    about, start = machine(), time.monotonic()
    figures = list(_shown(compiling.figures()))
    with surroundings() as cluster:
        about |= description(cluster)
        figures += _shown(_all(cluster, SMALL if small else SIZES))
    figures += _shown(serving.apart())
    taken = time.monotonic() - start
    print(f"\n{len(figures)} figures in {taken:.0f} s; {len(missed(figures))} miss their target.")
    if not small:
        print(written(figures, machine=about | {"run_seconds": round(taken)}, now_utc=datetime.now(UTC)))


def _all(cluster: database.Cluster, sizes: tuple[int, ...]) -> Iterator[Figure]:
    people = templates(cluster)
    yield from deciding.in_memory(people)
    her = rights.dora(people)
    small = next(rights.copies(her, name=f"{people.count:,} people"))
    yield small
    times = []
    for size in sizes:
        people = _grown(people, size)
        times.append(selecting.taken(people))
        yield from selecting.figures(times[-1], name=_named(size), target=size >= sizes[-2])
        if size == sizes[-2]:
            yield from _at_a_million(people)
    yield selecting.growth(
        times[0], times[-1], times=sizes[-1] // sizes[0], name=f"{_named(sizes[0])} → {_named(size)}"
    )
    yield from rights.figures(her, before=small, name=_named(size))
    yield from pages.figures(her)
    yield from desk.figures(people, share=min(1, sizes[-1] / SIZES[-1]))
    yield from adopting.figures(people)
    yield from updating.figures(people)
    cohorts = selecting.spread(people)
    _refuse_wrong(people)
    yield from selecting.figures(
        selecting.taken(people, runs=5, with_joined=False), name=f"{_named(size)}, {cohorts:,} cohorts", target=True
    )
    yield from _writing(people)
    yield from probing.figures(her)
    yield from updating.expiry(people, share=min(1, sizes[-1] / SIZES[-1]))


def _at_a_million(people: People) -> Iterator[Figure]:
    yield from deciding.with_database(people)
    yield from using.many(people)
    yield from memory.figures(people.count)
    yield from mailing.planning(people)


def _writing(people: People) -> Iterator[Figure]:
    """After the tables have grown, for these make people of their own."""
    yield from using.figures(people)
    yield from writing.choices(people)
    yield from writing.quotes(people)
    yield from mailing.sending(people)
    yield from sealing.figures(people)
    yield from receiving.figures()
    yield from supporting.figures()
    yield from bounces.figures()


def _grown(people: People, size: int) -> People:
    grown = people.grown(size)
    _refuse_wrong(grown)
    return grown


def _refuse_wrong(people: People) -> None:
    if found := people.differences():
        raise WrongStanding(f"{found} of a sample of people do not stand as their data and answers say.")


def _named(size: int) -> str:
    return f"{size / 1e6:g}M people"


def _shown(figures: Iterable[Figure]) -> Iterator[Figure]:
    """The same figures, each printed as soon as it is known, with the seconds that it took."""
    before = time.monotonic()
    for figure in figures:
        print(f"{time.monotonic() - before:5.1f} s  {table([figure])}", flush=True)
        before = time.monotonic()
        yield figure


if __name__ == "__main__":
    main()
