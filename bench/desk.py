"""Lists of a hundred thousand requests: pages, the database's share, and search in three hundred thousand messages.

python -m bench.desk         these figures alone

The database's time is that of the page's statements by the clock, the least of several runs.
"""

import re
import time
from collections.abc import Iterator
from typing import Any

from bench import pages, requests
from bench.figures import Figure, table
from bench.people import People, templates
from bench.surroundings import surroundings
from troth import database

DATABASE_MS, SEARCH_MS = 50, 100
_RUNS = 9
_PAGES = {"work": "/console/", "list": "/console/support/?state=", "open ones": "/console/support/?state=open"}
_WORDS = {"rare words": (500, 900), "common words": (50, 90), "words of nearly all messages": (5, 9)}
"""Of two words each, how many words are more frequent."""


def figures(people: People, *, share: float = 1) -> Iterator[Figure]:
    """Takes   share: of the requests, to try it out."""
    requests.fill(people, cases=round(requests.CASES * share), opened=round(requests.OPEN * share))
    pages.staff("sales")  # an assignee without an account has no name, and each row would look for one
    client, count = pages.staff("support"), f"{round(requests.CASES * share):,} requests"
    for page, path in _PAGES.items():
        yield pages.figure(f"console {page}, {count}", pages.measure(client, path))
        yield Figure(f"page console {page}, {count}: database", _database_ms(client, path), "ms", DATABASE_MS)
    for words, (one, other) in _WORDS.items():
        path = f"/console/support/?words={_packed(one, other)}"
        took, target = _database_ms(client, path), None if words.endswith("messages") else SEARCH_MS
        yield Figure(f"search of two {words}, {count}: database", took, "ms", target, note=_found(client, path))


def _database_ms(client: Any, path: str) -> float:
    return min(_statements_ms(client, path) for _ in range(_RUNS))


def _statements_ms(client: Any, path: str) -> float:
    from django.db import connection

    taken = 0.0

    def timed(execute: Any, *args: Any) -> Any:
        nonlocal taken
        start = time.perf_counter()
        try:
            return execute(*args)
        finally:
            taken += time.perf_counter() - start

    with connection.execute_wrapper(timed):
        pages.get(client, path)
    return taken * 1000


def _packed(*ranks: int) -> str:
    from troth.cases.thread import marks

    return marks.pack({requests.rank(rank) for rank in ranks})


def _found(client: Any, path: str) -> str:
    found = re.search(rb'data-live="count">\s*([\d,]+)', pages.get(client, path))
    assert found, path
    return f"{int(found[1]):,} requests found; with list, views and counts"


def _alone(cluster: database.Cluster) -> Iterator[Figure]:
    yield from figures(templates(cluster))


def main() -> None:
    with surroundings() as cluster:
        for figure in _alone(cluster):
            print(table([figure]), flush=True)


if __name__ == "__main__":
    main()
