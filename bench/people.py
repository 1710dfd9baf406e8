"""People for measuring: a thousand kept by the program itself, and up to millions of copies of them made by SQL.

A copy has its own ids and everything else of its template: key, data, answers, standing. Copies are loaded without the
checks of foreign keys, and a sample is compared with what their data and answers say (`standing_differences`). The
ledger's entries are not copied.
"""

import hashlib
import random
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import psycopg

from bench.surroundings import SITE, superuser
from troth import database, policy

TEMPLATES = 1_000
SAMPLE = 2_000
CHANNELS = {"form.news": 5, "form.register": 3, "form.quote": 2}
_ONE_OF = 77
"""Of so many people one joined the community: a purpose that few qualify for."""
_ALSO = {"form.news": "industry", "form.register": "industry", "form.quote": "country"}


def versions() -> tuple[str, str]:
    """The reference policy as a first version, and one that also sends newsletters to who registered interest."""
    first = _as_first((SITE / "policy.md").read_text(encoding="utf-8"))
    return first, _next(first, 2, purpose="newsletter", channel="form.register")


def asking(purpose: str, *, number: int) -> str:
    """Version `number`, which asks all who signed up for news about a purpose; made of the newest adopted version."""
    from troth.in_force import policy as adopted

    return _next(adopted().text, number, purpose=purpose, channel="form.news")


def person(ordinal: int) -> UUID:
    """The id of the copy with this ordinal, as the database makes it too."""
    digest = hashlib.md5(str(ordinal).encode()).hexdigest()
    return UUID(f"01900000{ordinal:08x}70008{digest[-11:]}")


@dataclass(frozen=True)
class People:
    """Templates by ordinal, and up to which ordinal copies were made."""

    cluster: database.Cluster
    first: int
    until: int
    templates: tuple[UUID, ...]

    @property
    def count(self) -> int:
        return self.until - self.first

    def grown(self, count: int) -> "People":
        """So many people, templates included; the tables are vacuumed and analyzed."""
        until = self.first + count
        with superuser(self.cluster) as connection:
            connection.execute("set session_replication_role = replica; set synchronous_commit = off")
            _define(connection)
            with _without_indexes(connection):
                for statement in _COPIES:
                    connection.execute(statement, {"first": self.first, "from": self.until, "until": until})
            connection.execute("select setval('person_ordinal', %s)", [until - 1])
            _refresh(connection)
        return replace(self, until=until)

    def some(self, count: int, *, seed: int = 1) -> list[UUID]:
        """Ids of copies, without doubles."""
        chosen = random.Random(seed).sample(range(self.first + TEMPLATES, self.until), count)
        return [person(ordinal) for ordinal in chosen]

    def differences(self) -> int:
        """How many of a sample stand otherwise than their data and answers say: must be 0."""
        with superuser(self.cluster) as connection:
            row = connection.execute(
                "select count(*) from standing_differences(%s, now_utc())", [self.some(SAMPLE, seed=2)]
            ).fetchone()
        assert row
        return int(row[0])


def templates(cluster: database.Cluster) -> People:
    """A thousand people who came by several channels under two versions, and said yes, no and nothing."""
    from django.db import connections

    from troth.records.law import versions as adopted

    for text in versions():
        adopted.adopt(text, by="staff:bench", using=connections["owner"])
    with superuser(cluster) as connection:
        connection.execute(f"alter role {database.APPLICATION} set synchronous_commit = off")
        connections["default"].close()
        made = tuple(_template(random.Random(number), number) for number in range(TEMPLATES))
        connection.execute(f"alter role {database.APPLICATION} reset synchronous_commit")
        connections["default"].close()
        (first,) = connection.execute("select ordinal from person where id = %s", [made[0]]).fetchone() or (0,)
        _contacts(connection, made)
    return People(cluster, first, first + TEMPLATES, made)


def _template(chance: random.Random, number: int) -> UUID:
    from troth import gate
    from troth.records.keeping import Provenance, keep

    (channel,) = chance.choices(list(CHANNELS), list(CHANNELS.values()))
    version = chance.choice([1, 1, 2])
    values = {"email": f"person{number}@firm{number}.example"}
    if chance.random() < 0.4:
        values[_ALSO[channel]] = chance.choice(["food", "valves", "coatings"])
    kept = keep(values=values, provenance=Provenance(channel, version, datetime.now(UTC), "typed by the person"))
    for question, asked, share in (
        ("newsletter", version, 0.7),
        ("newsletter@2", 2, 0.2),
        ("marketing", version, 0.1),
        ("convenience", version, 0.1),
    ):
        if chance.random() < share:
            yes = question.startswith("newsletter") and chance.random() < 0.85
            gate.choose(person=kept.person, question=question, version=asked, yes=yes, way="form")
    if number % _ONE_OF == 0:
        provenance = Provenance("form.program", version, datetime.now(UTC), "typed by the person")
        keep(values={"email": values["email"]}, provenance=provenance, person=kept.person)
        gate.choose(person=kept.person, question="communities", version=version, yes=True, way="form")
    return kept.person


def _contacts(connection: "psycopg.Connection[tuple[Any, ...]]", made: tuple[UUID, ...]) -> None:
    """The table that an ordinary program would have: a row a person, a column an answer."""
    from troth.gate import standings

    connection.execute(_CONTACT)
    for id, stands in standings(made).items():
        open = [replace(stands, opted_out=False).decide(purpose, "email").allowed for purpose in _PURPOSES]
        connection.execute(
            "insert into bench.contact select p.id, p.ordinal, d.channel, d.version, d.clear, %s, %s, %s from person p"
            " join datum d on d.person_id = p.id and d.kind = 'email' where p.id = %s order by d.id limit 1",
            [*open, stands.opted_out, id],
        )


def _define(connection: "psycopg.Connection[tuple[Any, ...]]") -> None:
    connection.execute(_PERSON)


@contextmanager
def _without_indexes(connection: "psycopg.Connection[tuple[Any, ...]]") -> Iterator[None]:
    """Inside it, the indexes that no key needs are gone: made afterwards they cost half."""
    found = connection.execute(
        "select indexrelid::regclass::text, pg_get_indexdef(indexrelid) from pg_index"
        " where not indisunique and indrelid = any (array['datum', 'standing']::regclass[])"
    ).fetchall()
    for name, _ in found:
        connection.execute(f"drop index {name}".encode())
    yield
    for _, definition in found:
        connection.execute(definition)


def _refresh(connection: "psycopg.Connection[tuple[Any, ...]]") -> None:
    for table in ("person", "person_key", "datum", "choice", "standing", "bench.contact"):
        connection.execute(f"vacuum (analyze) {table}")
    connection.execute("checkpoint")


def _next(text: str, number: int, *, purpose: str, channel: str) -> str:
    start = text.index(f"purpose: {purpose}\n")
    changed = text[:start] + text[start:].replace("collected by: [", f"collected by: [{channel}, ", 1)
    for was, now in ((f"version: {number - 1}\n", f"version: {number}\n"), (_day(number - 1), _day(number))):
        changed = changed.replace(was, now, 1)
    return policy.confirm(changed)


def _as_first(text: str) -> str:
    numbered = re.sub(r"^version: \d+$", "version: 1", text, count=1, flags=re.MULTILINE)
    return policy.confirm(re.sub(r"^effective: .*$", _day(1), numbered, count=1, flags=re.MULTILINE))


def _day(number: int) -> str:
    return f"effective: 2026-11-{number:02d}"


_PURPOSES = ("newsletter", "communities")
_CONTACT = """
    create table bench.contact (id uuid primary key, ordinal integer not null, channel text not null,
                                version integer not null, name text, newsletter boolean not null,
                                communities boolean not null, opted_out boolean not null);
    grant select on bench.contact to public;
"""
_PERSON = """
    create or replace function pg_temp.copied(i bigint) returns uuid language sql immutable as $$
        select ('01900000' || lpad(to_hex(i), 8, '0') || '70008' || right(md5(i::text), 11))::uuid $$;
    create or replace function pg_temp.own(id uuid, i bigint) returns uuid language sql immutable as $$
        select (left(id::text, 24) || lpad(to_hex(i), 12, '0'))::uuid $$;
"""
_FROM = f"""
    from generate_series(%(from)s::bigint, %(until)s::bigint - 1) i
    join person t on t.ordinal = %(first)s::bigint + (i - %(first)s::bigint) %% {TEMPLATES}
"""
_COPIES = (
    f"insert into person (id, ordinal, created_utc) select pg_temp.copied(i), i, t.created_utc {_FROM}",
    f"insert into person_key select pg_temp.copied(i), k.wrapped {_FROM} join person_key k on k.person_id = t.id",
    f"""insert into datum (person_id, id, kind, sealed, clear, blind_index, channel, version, way, evidence,
                           collected_utc, kept_until_utc, removed_utc, request)
        select pg_temp.copied(i), pg_temp.own(d.id, i), d.kind, d.sealed, d.clear,
               sha256(d.blind_index || int8send(i)), d.channel, d.version, d.way, d.evidence, d.collected_utc,
               d.kept_until_utc, d.removed_utc, d.request
        {_FROM} join datum d on d.person_id = t.id""",
    f"""insert into choice (person_id, id, question, version, yes, way, chosen_utc)
        select pg_temp.copied(i), pg_temp.own(c.id, i), c.question, c.version, c.yes, c.way, c.chosen_utc
        {_FROM} join choice c on c.person_id = t.id""",
    f"""insert into standing (person_id, ordinal, class_id, settled_until)
        select pg_temp.copied(i), i, s.class_id, s.settled_until
        {_FROM} join standing s on s.person_id = t.id""",
    f"""insert into bench.contact select pg_temp.copied(i), i, c.channel, c.version, c.name, c.newsletter,
           c.communities, c.opted_out
        {_FROM} join bench.contact c on c.id = t.id""",
)
