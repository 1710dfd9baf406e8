"""Facts written by many at once: with the ledger, without it, and bare; the same number of statements on each side.

A quote fact: begin; a person with key and three data; her request; commit. A choice: one statement that commits itself.
"""

import json
import os
import random
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from statistics import median
from typing import Any
from uuid import UUID

from bench.figures import Figure, ratio
from bench.load import Load, Work, connected
from bench.people import TEMPLATES, People, person
from bench.surroundings import owner
from bench.using import BARE_KEEP, bare_values
from troth.records.ids import new_id

LEDGER_RATIO = 0.7
CHOICE_RATIO = 0.25
_ROUNDS = 2


def choices(people: People) -> Iterator[Figure]:
    """`gate.choose` against the same two rows, inserted bare in one statement."""
    os.environ["BENCH_PEOPLE"] = f"{people.first + TEMPLATES} {people.until}"
    with Load() as load:
        for connections in (1, 8):
            ours, bare = _rates(load, ["bench.writing:chosen", "bench.writing:chosen_bare"], connections, 2)
            yield ratio(
                f"choice with its entry / the same rows bare, {connections} connections",
                ours,
                bare,
                target=CHOICE_RATIO,
                better="higher",
                note=f"{ours:,.0f}/s, {bare:,.0f}/s",
            )
    with owner(people.cluster) as connection:  # what was written bare is in no standing
        connection.execute("delete from choice where way = 'bare'")
        connection.execute("delete from entry where who = 'bare'")


def quotes(people: People) -> Iterator[Figure]:
    """The quote fact with 1 and 64 writers."""
    os.environ["BENCH_PEOPLE"] = f"{people.first + TEMPLATES} {people.until}"
    with Load() as load:
        for writers in (1, 64):
            yield from _quotes(people, load, writers)


def _quotes(people: People, load: Load, writers: int) -> Iterator[Figure]:
    found: dict[str, list[float]] = {"with": [], "without": [], "bare": []}
    for _ in range(_ROUNDS):
        found["with"].append(load.rate("bench.writing:quoted", connections=writers, seconds=2))
        with without_ledger(people):
            found["without"].append(load.rate("bench.writing:quoted", connections=writers, seconds=2))
        found["bare"].append(load.rate("bench.writing:quoted_bare", connections=writers, seconds=2))
    kept = {name: median(rates) for name, rates in found.items()}
    target = LEDGER_RATIO if writers == 64 else None
    yield ratio(
        f"quote fact, ledger on / off, {writers} writers",
        kept["with"],
        kept["without"],
        target=target,
        better="higher",
        note=f"{kept['with']:,.0f}/s, {kept['without']:,.0f}/s",
    )
    yield ratio(
        f"quote fact, ledger on / bare rows, {writers} writers",
        kept["with"],
        kept["bare"],
        better="higher",
        note=f"{kept['with']:,.0f}/s, {kept['bare']:,.0f}/s",
    )


@contextmanager
def without_ledger(people: People) -> Iterator[None]:
    """Inside it, `entry_write` does nothing in this database; everything else is as ever."""
    with owner(people.cluster) as connection:
        row = connection.execute("select pg_get_functiondef('entry_write(entry)'::regprocedure)").fetchone()
        assert row
        connection.execute(_NO_ENTRY)
        try:
            yield
        finally:
            connection.execute(row[0])


def quoted(stack: ExitStack) -> Work:
    """The fact through `keep`, as the application's role."""
    connection = connected(stack, role="application")
    # What a quote's keep gives the function, made once: sealing is measured elsewhere, and alike for both sides.
    data = [
        {"kind": "email", "sealed": "01" + "ab" * 49},
        {"kind": "name", "sealed": "01" + "ab" * 49},
        {"kind": "country", "clear": "US"},
    ]

    def run() -> None:
        subject, now = new_id(), datetime.now(UTC)
        rows = [it | {"id": str(new_id())} | ({"index": os.urandom(32).hex()} if "sealed" in it else {}) for it in data]
        with connection.transaction():
            connection.execute(
                "select keep(%s, %s, %s::jsonb, 'form.quote', 1, 'typed', '', %s, null, %s, 'person')",
                [subject, b"w" * 61, json.dumps(rows), now, new_id()],
            )
            case = _case(subject, now)
            connection.execute("select case_open(%s::jsonb, %s, %s, 'person', null)", [json.dumps(case), new_id(), now])
            connection.execute(_REQUEST, [case["id"], os.urandom(32)])

    return run


def _case(person: UUID, at_utc: datetime) -> dict[str, Any]:
    """A quote's case, as `open_case` gives it to the database."""
    from troth.cases.models import Case

    at, id = at_utc.isoformat(), str(new_id())
    whose = {"id": id, "number": id, "kind": "quote", "purpose": "quotes", "person_id": str(person)}
    made = Case(**whose, state="received", manner="form", regime="", received_utc=at, due_utc=at)
    return {field.attname: getattr(made, field.attname) for field in Case._meta.concrete_fields}


def quoted_bare(stack: ExitStack) -> Work:
    """The same rows, inserted by the owner in as many statements, without standing and entry."""
    connection = connected(stack, role="owner")

    def run() -> None:
        values, now = bare_values(), datetime.now(UTC)
        with connection.transaction():
            connection.execute(BARE_KEEP, values)
            id = new_id()
            connection.execute(_CASE, [id, str(id), values[0], now, now, new_id(), id, now])
            connection.execute(_REQUEST, [id, os.urandom(32)])

    return run


def chosen(stack: ExitStack) -> Work:
    """An answer through the function that rooms call."""
    from django.db import connection

    from troth import gate

    stack.callback(connection.close)
    pick = _somebody()
    return lambda: void(gate.choose(person=pick(), question="convenience", version=2, yes=True, way="form"))


def chosen_bare(stack: ExitStack) -> Work:
    """The choice's row and the entry's, through the same class of connection, as the owner."""
    from django.db import connections

    connection, pick = connections["owner"], _somebody()
    stack.callback(connection.close)

    def run() -> None:
        id, whose = new_id(), pick()
        with connection.cursor() as cursor:
            cursor.execute(_BARE_CHOICE, [whose, id, whose, id, os.urandom(32), os.urandom(32)])

    return run


def void(_: object) -> None:
    """Nothing, whatever it is given."""


def _rates(load: Load, tasks: list[str], connections: int, seconds: float) -> list[float]:
    """Each task's median rate; they take turns."""
    found: dict[str, list[float]] = {task: [] for task in tasks}
    for _ in range(_ROUNDS):
        for task in tasks:
            found[task].append(load.rate(task, connections=connections, seconds=seconds))
    return [median(rates) for rates in found.values()]


def _somebody() -> Callable[[], Any]:
    first, until = map(int, os.environ["BENCH_PEOPLE"].split())
    chance = random.Random()
    return lambda: person(chance.randrange(first, until))


_NO_ENTRY = """
    create or replace function entry_write(p entry) returns uuid
    language plpgsql security definer set search_path = public, pg_temp as $$ begin return p.id; end $$
"""
_CASE = """
    with asked as (
        insert into request_case (id, number, kind, purpose, queue, person_id, shared, state, manner, regime, business,
            received_utc, due_utc, extended_why, reminded, answered_by, nature, basis, denial, joined, callback,
            assigned_to, alarm, approves, facts)
        values (%s, %s, 'quote', 'quotes', '', %s, false, 'received', 'form', '', false, %s, %s, '', 0, '', '', '', '',
                '', false, '', '', '', '{}'))
    insert into case_event (id, case_id, what, at_utc, who, words) values (%s, %s, 'received', %s, 'person', '')
"""
_REQUEST = """
    insert into quote_request (case_id, place, version, need, product, edition, territory, address_key, rule,
        rule_title, why, recipient_class, recipient, recipient_name, given_kinds)
    values (%s, 'form.quote', 1, 'quote', '', '', 'US-CA', %s, '', '', '', '', '', '', '{}')
"""
_BARE_CHOICE = """
    with said as (insert into choice (person_id, id, question, version, yes, way, chosen_utc)
                  values (%s, %s, 'convenience', 2, true, 'bare', clock_timestamp()))
    insert into entry (person_id, id, kind, at_utc, purpose, section, version, who, reason, kinds, recipient, payload,
                       transaction, salt, leaf)
    values (%s, %s, 'chose', clock_timestamp(), 'convenience', 'I3', 2, 'bare', '', '{}', '',
            '{"way": "form", "yes": true, "question": "convenience"}', 0, %s, %s)
"""
