"""What a person who asks costs: her copy, her erasure. Her pages are in bench/pages.py.

Dora has 500 data of which each has its provenance, and 10,000 entries in her ledger.
"""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from statistics import median
from typing import TYPE_CHECKING, Any
from uuid import UUID

from bench.figures import Figure, ratio
from bench.people import People
from bench.surroundings import owner
from bench.timing import seconds

if TYPE_CHECKING:
    from troth.security.models import User

DATA, ENTRIES = 500, 10_000
COPY_MS, LONG_COPY_MS, ERASE_MS, GROWTH = 100, 150, 100, 1.25
_KINDS = ("email", "name", "company", "phone", "note")
_BEYOND = 10_000_000  # ordinals that no copy gets: she is made before the tables grow
_ERASED = 5


@dataclass(frozen=True)
class Dora:
    """Whose pages are measured; `other` has as many data and no entries beside those that say where they came from."""

    person: UUID
    user: int
    other: UUID


def dora(people: People) -> Dora:
    """Dora, with an account, her data, and her entries, each written as the program writes it."""
    with owner(people.cluster) as connection:
        connection.execute("select setval('person_ordinal', %s)", [people.first + _BEYOND])
    person = somebody("dora", DATA)
    noted(person, ENTRIES - DATA // len(_KINDS))
    made = Dora(person, account(person), somebody("other", DATA))
    with owner(people.cluster) as connection:
        connection.execute("analyze entry, datum, person")
    return made


def copies(her: Dora, *, name: str) -> Iterator[Figure]:
    """All that is held of somebody, read and written as JSON."""
    yield Figure(f"copy of {DATA} data with provenance, {name}", _copying(her.other) * 1000, "ms", COPY_MS)


def figures(her: Dora, *, before: Figure, name: str) -> Iterator[Figure]:
    """Her copy in grown tables, and erasures of as many data."""
    (now,) = copies(her, name=name)
    yield now
    yield ratio("copy, grown tables / small ones", now.value, before.value, target=GROWTH, note="the same is 1")
    yield Figure(
        f"copy with {ENTRIES:,} entries of history: processor",
        _copying(her.person, clock=time.process_time) * 1000,
        "ms",
        LONG_COPY_MS,
        note="each entry in words; the least of the runs",
    )
    yield Figure(
        f"erasure of {DATA} data, answered within",
        _erasing() * 1000,
        "ms",
        ERASE_MS,
        note="key and values gone, entry written; emails follow by jobs",
    )


def somebody(name: str, data: int) -> UUID:
    from django.db import transaction

    from troth.records.keeping import Provenance, keep

    provenance = Provenance("form.quote", 1, datetime.now(UTC), "typed by the person")
    person = None
    with transaction.atomic():
        for number in range(data // len(_KINDS)):
            values = {
                "email": f"{name}@bench.example",
                "name": f"Dora {number}",
                "company": f"Works {number}",
                "phone": f"+1559555{number:04d}",
                "note": f"We need lot recall on line {number}.",
            }
            person = keep(values=values, provenance=provenance, person=person).person
    assert person
    return person


def noted(person: UUID, entries: int) -> None:
    from django.db import transaction

    from troth import gate
    from troth.outbox.facts import EmailPayload

    with transaction.atomic():
        for _ in range(entries):
            gate.note(
                person=person,
                kind="notified",
                purpose="quotes",
                who="program:outbox",
                payload=EmailPayload(template="inquiries/receipt", to="person"),
            )


def account(person: UUID) -> int:
    from django.db import transaction

    from troth import gate
    from troth.records.accounts import join
    from troth.security.models import User

    address = "dora@bench.example"
    with transaction.atomic():
        user = User.objects.create_customer(address=address, password="!", person=person, cause=gate.new_id())
        join(user=user.pk, person=person, address=address, way="same address")
    return int(user.pk)


def _copying(person: UUID, *, clock: Callable[[], float] = time.perf_counter) -> float:
    """Seconds by this clock: the median by the one on the wall, the least of a processor's."""
    from troth.access.copy import copy_of
    from troth.access.copy.writing import as_json

    def copy() -> None:
        made = as_json(copy_of([person], cause=None, at_utc=datetime.now(UTC)))
        assert made.count(b'"value":"') == DATA, "A copy that lacks values measures nothing."

    copy()
    times = [seconds(copy, clock=clock) for _ in range(7)]
    return median(times) if clock is time.perf_counter else min(times)


def _erasing() -> float:
    """One after another: a case, two who agree, and the erasure itself, which alone is timed."""
    from troth import gate
    from troth.access.requests.kinds import ERASURE
    from troth.cases import actions
    from troth.cases.kinds import ERASE
    from troth.records import rights
    from troth.security.models import Role, User

    tokens = {}
    for username in ("bench-one", "bench-two"):
        user = User.objects.create_staff(username=username, display_name=username, role=Role.PRIVACY, password=username)
        tokens[username] = seat(user, password=username)
    times = []
    for number in range(_ERASED):
        person, now = somebody(f"erased{number}", DATA), datetime.now(UTC)
        case = actions.open_case(ERASURE, actions.CaseArrival(id=_new(), person=person, manner="form", at_utc=now)).case
        actions.verify(case.id, at_utc=now, way="mailed link")
        for username, token in tokens.items():
            with gate.acting(token):
                actions.approve(case.id, what=ERASE, who=f"staff:{username}", at_utc=now)
        start = time.perf_counter()
        became = rights.erase(case.id, kept=[], who="program:bench", reason="to measure")
        times.append(time.perf_counter() - start)
        assert became == {person: "erased"}, became
    return median(times)


def seat(user: "User", *, password: str) -> str:
    """The token of a session that a member of staff opened with the password."""
    from django.http import HttpRequest

    from troth.security import entry
    from troth.security.sessions import SessionStore

    request = HttpRequest()
    request.session = SessionStore()
    user.proof = entry.proven(user, password)
    entry.begin(request, user, way=entry.PASSWORD, at_utc=datetime.now(UTC))
    request.session.save()
    return str(request.session.session_key)


def _new() -> UUID:
    from troth import gate

    return gate.new_id()


def signed_in(her: Dora) -> Any:
    from django.test import Client

    from troth.security import entry, sessions
    from troth.security.models import User

    client = Client(headers={"host": "localhost"})
    client.force_login(User.objects.get(pk=her.user), backend=entry.BACKEND)
    session = client.session
    sessions.mark(session, way=entry.PASSKEY, staff=False, at_utc=datetime.now(UTC))
    session.save()
    return client


def _got(client: Any, path: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 200, f"{path}: {answer.status_code}"


def count_queries(client: Any, path: str) -> int:
    from django.db import connection

    count = 0

    def counted(execute: Callable[..., Any], *args: Any) -> Any:
        nonlocal count
        count += 1
        return execute(*args)

    with connection.execute_wrapper(counted):
        _got(client, path)
    return count
