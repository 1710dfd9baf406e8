"""`read`, `disclose`, `keep` and a use of many people, one after another on one connection, against the bare database.

The bare side uses the same class of connection (Django's, server-side binding, prepared), as the owner.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from itertools import count
from typing import Any

from bench.figures import Figure, ratio
from bench.people import People
from bench.timing import Task, alternately, repeated
from troth import gate, in_force
from troth.gate.bulk import chunks
from troth.records.ids import new_id

READ_RATIO = 1.8
BULK_MILLISECONDS = 8
TOUCHED_MILLISECONDS = 5
_TIMES = 100
_USES = 72
"""Beside those that were timed."""


def figures(people: People) -> Iterator[Figure]:
    """The single uses. Each run is of a hundred people."""
    _tables()
    tasks = {
        "commit": _commit(),
        "select": _select(people),
        "read": _read(people),
        "disclose": _disclose(people),
        "keep": _keep(),
        "kept": _bare_keep(),
    }
    times = alternately({name: repeated(task, _TIMES) for name, task in tasks.items()}, runs=9, budget_seconds=20)
    each = {name: taken / _TIMES * 1e6 for name, taken in times.items()}
    bare = each["commit"] + each["select"]
    yield Figure("one durable commit, bare", each["commit"], "µs")
    yield Figure("one indexed select, bare", each["select"], "µs")
    yield ratio(
        "read one person (grant, values) / durable commit + select",
        each["read"],
        bare,
        target=READ_RATIO,
        note=f"{each['read']:.0f} / {bare:.0f} µs",
    )
    yield ratio(
        "disclose with its entry / durable commit",
        each["disclose"],
        each["commit"],
        note=f"{each['disclose']:.0f} µs, with begin and commit",
    )
    yield ratio(
        "keep 3 values with their entry / the rows alone",
        each["keep"],
        each["kept"],
        note=f"{each['keep']:.0f} / {each['kept']:.0f} µs, sealing included",
    )


def many(people: People) -> Iterator[Figure]:
    """A use of everybody: one entry with a bitmap of a bit for each; and who asks which of them she was in."""
    chosen = gate.select("legal", "email")
    listed = replace(chosen, entry=None)
    times = alternately(
        {
            "grant": lambda: _granted(chosen),
            "listed": lambda: _granted(listed),
            "bitmaps": lambda: list(chunks(chosen.ordinals)),
        },
        runs=15,
    )
    name = f"a use of {len(chosen):,} people recorded"
    yield Figure(name, times["grant"] * 1000, "ms", BULK_MILLISECONDS, note="whom a selection gave, by its bitmaps")
    note = f"the whole call, of which {times['bitmaps'] * 1000:.1f} ms make the bitmaps"
    yield Figure(f"{name}, listed otherwise", times["listed"] * 1000, "ms", note=note)
    yield _which_touched(people, chosen)


def _which_touched(people: People, chosen: gate.Selection) -> Figure:
    """Each look is at another person, who was among every use: two emails a week of a year, all to everybody."""
    from troth.records.ledger import bulk_uses_of

    for _ in range(_USES):
        _granted(chosen)
    who = iter(people.templates)
    found = len(bulk_uses_of(next(who)))
    taken = alternately({"asked": lambda: bulk_uses_of(next(who))}, runs=51)["asked"]
    return Figure(
        f"which of {found} uses of {len(chosen):,} people touched one person", taken * 1000, "ms", TOUCHED_MILLISECONDS
    )


def _granted(chosen: gate.Selection) -> None:
    granted = gate.grant_selection(chosen, kinds=["email"], who="program:bench", reason="to measure")
    assert isinstance(granted, gate.BulkGrant)


def _read(people: People) -> Task:
    number = count()

    def run() -> None:
        given = gate.look(
            person=people.templates[next(number) % len(people.templates)],
            purpose="updates",
            kinds=["email"],
            who="program:bench",
            reason="to measure",
        )
        assert isinstance(given, gate.Given)
        assert "email" in given.values

    return run


def _disclose(people: People) -> Task:
    from django.db import transaction

    given = gate.read(_grant(people, 0))
    recipient = in_force.policy().purposes["updates"].recipients[0]

    def run() -> None:
        with transaction.atomic():
            gate.disclose(
                given,
                recipient_class=recipient,
                recipient="bench",
                recipient_name="Bench",
                kinds=["email"],
                who="program:bench",
                reason="to measure",
            )

    return run


def _grant(people: People, number: int) -> gate.Grant:
    granted = gate.grant(
        person=people.templates[number % len(people.templates)],
        purpose="updates",
        kinds=["email"],
        who="program:bench",
        reason="to measure",
    )
    assert isinstance(granted, gate.Grant)
    return granted


def _keep() -> Task:
    from django.db import transaction

    from troth.records.keeping import Provenance, keep

    number = count()

    def run() -> None:
        with transaction.atomic():
            keep(values=_values(next(number)), provenance=Provenance("form.quote", 1, datetime.now(UTC), "typed"))

    return run


def _bare_keep() -> Task:
    """The same rows of person, key and data in one statement, without standing and entry; sealed bytes given."""
    from django.db import connections, transaction

    def run() -> None:
        with transaction.atomic(using="owner"), connections["owner"].cursor() as cursor:
            cursor.execute(BARE_KEEP, bare_values())

    return run


def bare_values() -> list[Any]:
    """Parameters of BARE_KEEP for a new person."""
    now = datetime.now(UTC)
    return [
        new_id(),
        now,
        b"w" * 61,
        new_id(),
        b"s" * 50,
        new_id().bytes * 2,
        new_id(),
        b"s" * 50,
        new_id().bytes * 2,
        new_id(),
        now,
    ]


BARE_KEEP = """
    with she as (insert into person (id, ordinal, created_utc) values (%s, nextval('person_ordinal'), %s) returning id),
    key as (insert into person_key (person_id, wrapped) select id, %s::bytea from she),
    data as (select * from (values
        (%s::uuid, 'email', %s::bytea, null, %s::bytea), (%s::uuid, 'name', %s::bytea, null, %s::bytea),
        (%s::uuid, 'country', null, 'US', null)) as it (id, kind, sealed, clear, blind))
    insert into datum (person_id, id, kind, sealed, clear, blind_index, channel, version, way, evidence, collected_utc)
    select she.id, d.id, d.kind, d.sealed, d.clear, d.blind, 'form.quote', 1, 'typed', '', %s from she, data d
"""


def _values(number: int) -> dict[str, str]:
    return {"email": f"new{number}@bench.example", "name": f"Person {number}", "country": "US"}


def _commit() -> Task:
    from django.db import connections

    def run() -> None:
        with connections["owner"].cursor() as cursor:
            cursor.execute("insert into bench.note (id, at_utc, said) values (%s, now(), 'used')", [new_id()])

    return run


def _select(people: People) -> Task:
    from django.db import connections

    number, some = count(), people.some(1_000)

    def run() -> None:
        with connections["owner"].cursor() as cursor:
            cursor.execute(
                "select kind, sealed, clear from datum where person_id = %s", [some[next(number) % len(some)]]
            )
            cursor.fetchall()

    return run


def _tables() -> None:
    from django.db import connections

    with connections["owner"].cursor() as cursor:
        cursor.execute(
            "create table if not exists bench.note (id uuid primary key, at_utc timestamptz not null, said text)"
        )
