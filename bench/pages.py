"""What whole pages cost: processor time of the web process, PostgreSQL's beside it, and a bare page of equal size.

python -m bench.pages        these figures alone

Dora has 500 values, 10,000 entries and, in the end, 200 requests, which is what her pages are hard with. Each page is
asked for as a browser asks, with session, middleware and template; the least disturbed of many runs counts: others only
add to it.
"""

import gc
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from typing import Any

from bench import rights, threads
from bench.figures import Figure, table
from bench.people import templates
from bench.surroundings import surroundings
from troth import database

CPU_MS, QUERIES = 15, 8
_PUBLIC = {
    "home": "/",
    "policy": "/policy",
    "quote form": "/quote/",
    "support form": "/support/",
    "privacy choices": "/privacy-choices/",
}
_ISSUE = "/console/newsletters/new/?of=newsletter"
_HERS = {
    "profile": "/account/profile/",
    "choices": "/account/preferences/",
    "history": "/account/data/",
    "requests": "/account/requests/",
    "account": "/account/",
}
_STAFFS = {"console work": "/console/", "console quotes": "/console/quotes/"}
_ROLES = {"console work of privacy officers": ("privacy", "/console/"), "console new issue": ("marketing", _ISSUE)}
_WARM, _RUNS, _SECONDS = 3, 40, 2.0


@dataclass(frozen=True)
class PageCost:
    """Milliseconds of the web process and of PostgreSQL, bytes of the page, and queries."""

    ours_ms: float
    postgres_ms: float
    bytes: int
    queries: int


def figures(her: rights.Dora) -> Iterator[Figure]:
    """Every page of each kind of reader."""
    hers = rights.signed_in(her)
    for pages, client in ((_PUBLIC, visitor()), (_HERS, hers), (_STAFFS, staff("sales"))):
        yield from _measured(client, pages)
    for page, (role, path) in _ROLES.items():
        yield figure(page, measure(staff(role), path))
    number = threads.converse(her)
    many = {f"{page}, {threads.REQUESTS} requests": _HERS[page] for page in ("profile", "requests")}
    yield from _measured(hers, many | {"request with a conversation": f"/account/requests/{number}/"})
    yield figure("console request with a conversation", measure(*_read(number)))


def _read(number: str) -> tuple[Any, str]:
    """A member of staff who has read this request, and its page."""
    client, path = staff("support"), f"/console/support/{number}/"
    ours = {"origin": "http://localhost", "sec-fetch-site": "same-origin"}
    read = client.post(path, {"do": "contact", "reason": "to answer it, as asked"}, headers=ours)
    assert read.status_code == 200, read.status_code
    return client, path


def _measured(client: Any, pages: Mapping[str, str]) -> Iterator[Figure]:
    for page, path in pages.items():
        cost = measure(client, path)
        yield figure(page, cost)
        yield Figure(f"page {page}: queries", cost.queries, "", QUERIES, note="session and frame included")


def figure(page: str, cost: PageCost) -> Figure:
    """The processor time of a page beside PostgreSQL's and a bare page's."""
    bare = _bare(cost.bytes)
    note = f"PostgreSQL {cost.postgres_ms:.1f} ms; a bare Django page of {cost.bytes:,} bytes {bare:.2f} ms"
    return Figure(f"page {page}: processor of the web process", cost.ours_ms, "ms", CPU_MS, note=note)


def measure(client: Any, path: str) -> PageCost:
    for _ in range(_WARM):
        size = len(get(client, path))
    queries = rights.count_queries(client, path)
    process = backend()
    times: list[float] = []
    postgres: list[int] = []
    until = time.perf_counter() + _SECONDS
    while len(times) < 5 or (len(times) < _RUNS and time.perf_counter() < until):
        before = postgres_ns(process)
        times.append(_processor(client, path))
        postgres.append(postgres_ns(process) - before)
    return PageCost(min(times) * 1000, median(postgres) / 1e6, size, queries)


def _processor(client: Any, path: str) -> float:
    gc.collect(0)
    gc.disable()
    try:
        start = time.process_time()
        get(client, path)
        return time.process_time() - start
    finally:
        gc.enable()


def _bare(size: int) -> float:
    """Milliseconds of a view without middleware that gives so many bytes."""
    from django.test import Client, override_settings

    from bench import bare

    bare.fill(size)
    with override_settings(MIDDLEWARE=[], ROOT_URLCONF="bench.bare"):
        client = Client(headers={"host": "localhost"})
        get(client, "/")
        return min(_processor(client, "/") for _ in range(_RUNS)) * 1000


def get(client: Any, path: str) -> bytes:
    answer = client.get(path)
    assert answer.status_code == 200, f"{path}: {answer.status_code}"
    return bytes(answer.content)


def visitor() -> Any:
    """A browser without cookies."""
    from django.test import Client

    return Client(headers={"host": "localhost"})


def staff(role: str) -> Any:
    """Somebody of this role, signed in as the console asks; the user name is bench-<role>."""
    from django.conf import settings

    from troth.security import entry, sessions
    from troth.security.models import User
    from troth.security.sessions import SessionStore

    name = f"bench-{role}"
    user = User.objects.filter(username=name).first() or User.objects.create_staff(
        username=name, display_name=role.title(), role=role, password=name
    )
    token, client = rights.seat(user, password=name), visitor()
    session = SessionStore(token)
    sessions.mark(session, way=entry.PASSKEY, staff=True, at_utc=datetime.now(UTC))
    session.save()
    client.cookies[settings.SESSION_COOKIE_NAME] = token
    return client


def backend() -> int:
    """The process of PostgreSQL that answers our connection."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("select pg_backend_pid()")
        return int(cursor.fetchone()[0])


def postgres_ns(backend: int) -> int:
    """How long the connection's process has run. Source: /proc/<pid>/schedstat, proc(5)."""
    return int(Path(f"/proc/{backend}/schedstat").read_text().split()[0])


def _alone(cluster: database.Cluster) -> Iterator[Figure]:
    yield from figures(rights.dora(templates(cluster)))


def main() -> None:
    with surroundings() as cluster:
        print(table(_alone(cluster)))


if __name__ == "__main__":
    main()
