"""Thirty ways around the door, all of which fail. Each tries as the application's role, with all that the program has
except its master key, or with what a careless room might do; each says what it saw.

Policy  #S1   Source  ../../docs/decisions/0010-values-leave-by-functions.md
"""

import contextlib
import json
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import partial
from typing import Any
from uuid import UUID

import psycopg
import pytest
from django.db import DatabaseError, connection, transaction
from tests import surroundings
from tests.gate.test_door import NEWS, OFFERS, QUOTES
from tests.worlds import ALICE, BOB, CHARLIE, known_person, policy_text

from troth import database, gate
from troth.gate.door import token
from troth.policy import Policy
from troth.records.calls import rows
from troth.records.ledger import history

pytestmark = pytest.mark.django_db(transaction=True)

NOBODY = UUID(int=0)
SECRETS = {value for person in (ALICE, BOB, CHARLIE) for value in person.values()}


@dataclass(frozen=True)
class Scene:
    """Alice and Bob are known; a room holds an open grant on Alice's email for quotes."""

    alice: UUID
    bob: UUID
    grant: gate.Grant
    owner: Any


@pytest.fixture
def scene(adopt: Callable[[str], Policy], owner: Any) -> Scene:
    adopt(policy_text(1, purposes={"quotes": QUOTES, "offers": OFFERS, "newsletter": NEWS}))
    alice, bob = known_person(ALICE), known_person(BOB)
    answer = gate.grant(person=alice, purpose="quotes", kinds=["email"], who="program:test", reason="to test")
    assert isinstance(answer, gate.Grant)
    return Scene(alice, bob, answer, owner)


@pytest.fixture
def other() -> Iterator["psycopg.Connection[tuple[Any, ...]]"]:
    """Another connection of the application's role."""
    url = surroundings.cluster().url(role=database.APPLICATION, name=surroundings.NAME)
    with psycopg.connect(url, autocommit=True) as opened:
        yield opened


def refused(attempt: Callable[[], Any], saw: str) -> None:
    """The attempt fails with exactly this, and what it says gives nothing away."""
    with pytest.raises((psycopg.Error, DatabaseError, gate.Refusal, gate.GrantRefused)) as error:
        attempt()
    said = f"{getattr(error.value, 'code', '')} {error.value}"
    assert saw in said, said
    assert not any(secret in said for secret in SECRETS)


def sql(statement: str, values: Any = None) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return cursor.fetchall() if cursor.description else []


_SELECT = "select_people(%s, 'quotes', 'email', %s, 'program:test', '')"
_READ = "select kind, clear from public.read_granted(%s, %s, %s)"


def _read_in_a_savepoint(grant: gate.Grant) -> gate.Given:
    with transaction.atomic():
        return gate.read(grant)


def read_raw(person: UUID, grant: UUID, secret: bytes = b"") -> Any:
    return rows("select kind, clear from read_granted(%s, %s, %s)", [person, grant, secret])


# By another way to the tables: 1 – 10.


@pytest.mark.asvs("V8.3.1")
@pytest.mark.parametrize(
    ("attempt", "saw"),
    [
        ("select sealed, clear from datum", "permission denied for table datum"),
        ("select wrapped from person_key", "permission denied for table person_key"),
        ("copy datum to stdout", "permission denied for table datum"),
        ("copy (select * from datum) to program 'cat'", "permission denied"),
        ("create temporary view v as select * from datum", "permission denied to create temporary tables"),
        ("set local row_security = off; select * from datum", "permission denied for table datum"),
        ("set session authorization troth_owner; select * from datum", "permission denied to set session"),
        ("set role troth_owner; select * from datum", "permission denied to set role"),
        ("do $$ begin execute 'select * from datum'; end $$", "permission denied for table datum"),
        ("select * from standing; select * from entry", "permission denied for table standing"),
    ],
)
def test_raw_statements_see_no_table_of_people(scene: Scene, attempt: str, saw: str) -> None:
    refused(lambda: sql(attempt), saw)


# By writing what would open: 11 – 15.


@pytest.mark.parametrize(
    ("attempt", "saw"),
    [
        (
            "insert into entry (person_id, id, kind, expires_utc, kinds, purpose) select person_id, gen_random_uuid(),"
            " 'used', now() + interval '1 hour', '{email}', 'quotes' from choice",
            "permission denied for table",
        ),
        ("update entry set expires_utc = now() + interval '1 hour'", "permission denied for table entry"),
        ("insert into law_use select * from law_use", "permission denied for table law_use"),
        ("update policy_version set number = 0", "permission denied for table policy_version"),
        ("select entry_write(null)", "permission denied for function entry_write"),
    ],
)
def test_nobody_writes_a_grant_or_a_law_by_hand(scene: Scene, attempt: str, saw: str) -> None:
    refused(lambda: sql(attempt), saw)


def test_16_a_function_of_ones_own_cannot_stand_before_ours(scene: Scene, other: Any) -> None:
    for schema in ("public", "pg_temp"):
        refused(
            partial(other.execute, f"create function {schema}.law_current() returns int return 1"), "permission denied"
        )
    refused(lambda: other.execute("create schema mine"), "permission denied for database")


def test_17_a_table_of_ones_own_cannot_stand_before_ours(scene: Scene, other: Any) -> None:
    for statement in ("create temporary table entry (id uuid)", "create table public.entry2 (id uuid)"):
        refused(partial(other.execute, statement), "permission denied")
    other.execute("set search_path = pg_catalog")

    refused(lambda: other.execute(_READ, [scene.bob, scene.grant.id, b""]), "no grant")


# By a grant that is not one's own, not this person's, not yet, no longer: 18 – 27.


def test_18_a_borrowed_id_opens_nothing_without_its_token(scene: Scene) -> None:
    borrowed = next(entry.id for entry in history(scene.alice) if entry.kind == "used")

    refused(lambda: read_raw(scene.alice, borrowed), "no grant")
    refused(lambda: read_raw(scene.alice, borrowed, str(borrowed).encode()), "no grant")


def test_19_what_the_ledger_keeps_of_the_token_is_not_the_token(scene: Scene) -> None:
    key = next(json.loads(entry.payload_text)["key"] for entry in history(scene.alice) if entry.kind == "used")

    refused(lambda: read_raw(scene.alice, scene.grant.id, key.encode()), "no grant")
    refused(lambda: read_raw(scene.alice, scene.grant.id, bytes.fromhex(key)), "no grant")


@pytest.mark.asvs("V8.3.1")
def test_20_a_grant_on_one_person_opens_nothing_of_another(scene: Scene) -> None:
    refused(lambda: gate.read(replace(scene.grant, person=scene.bob)), "no grant")


@pytest.mark.asvs("V8.2.3")
def test_21_a_grant_gives_no_kind_that_it_does_not_name(scene: Scene) -> None:
    claimed = replace(scene.grant, kinds=("email", "name", "phone"))

    assert gate.read(claimed).values == {"email": ALICE["email"]}


def test_22_another_connection_sees_no_grant_before_its_commit(scene: Scene, other: Any) -> None:
    with transaction.atomic():
        early = gate.grant_within(
            person=scene.alice, purpose="quotes", kinds=["email"], who="program:test", reason="early"
        )
        assert isinstance(early, gate.Grant)
        refused(
            lambda: other.execute(
                "select * from read_granted(%s, %s, %s)", [scene.alice, early.id, token(early.id).encode()]
            ),
            "no grant",
        )


def test_23_a_grant_opens_nothing_in_the_transaction_that_made_it(scene: Scene) -> None:
    with transaction.atomic():
        early = gate.grant_within(
            person=scene.alice, purpose="quotes", kinds=["email"], who="program:test", reason="early"
        )
        assert isinstance(early, gate.Grant)
        refused(lambda: _read_in_a_savepoint(early), "same transaction")


def test_24_a_grant_that_was_rolled_back_opens_nothing(scene: Scene) -> None:
    with transaction.atomic():
        undone = gate.grant_within(
            person=scene.alice, purpose="quotes", kinds=["email"], who="program:test", reason="undone"
        )
        transaction.set_rollback(True)
    assert isinstance(undone, gate.Grant)

    refused(lambda: gate.read(undone), "no grant")


def test_25_an_expired_grant_opens_nothing_and_none_lasts_longer_than_an_hour(scene: Scene) -> None:
    over = gate.grant(
        person=scene.alice, purpose="quotes", kinds=["email"], who="program:test", reason="late", lasting=timedelta(0)
    )
    long = gate.grant(
        person=scene.alice,
        purpose="quotes",
        kinds=["email"],
        who="program:test",
        reason="greed",
        lasting=timedelta(days=3650),
    )
    assert isinstance(over, gate.Grant)
    assert isinstance(long, gate.Grant)

    refused(lambda: gate.read(over), "grant expired")
    latest = history(scene.alice)[0]
    assert latest.expires_utc is not None
    assert latest.expires_utc - latest.at_utc <= timedelta(hours=1)


@pytest.mark.asvs("V8.3.2")
def test_26_a_grant_does_not_outlive_her_no(scene: Scene) -> None:
    offers = gate.grant(person=scene.alice, purpose="offers", kinds=["email"], who="program:test", reason="offer")
    assert isinstance(offers, gate.Grant)

    gate.choose(person=scene.alice, question="marketing", version=1, yes=False, way="preference page")

    assert gate.read(offers).values == {}


def test_27_a_grant_does_not_outlive_her_erasure(scene: Scene) -> None:
    scene.owner.execute("select erase(%s, %s, 'staff:test', 'asked')", [scene.alice, gate.new_id()])

    refused(lambda: gate.read(scene.grant), "no grant")
    answer = gate.grant(person=scene.alice, purpose="quotes", kinds=["email"], who="program:test", reason="again")
    assert isinstance(answer, gate.Refused)
    assert (answer.decision.code, history(scene.alice)[0].kind) == ("not held", "refused")


# By what the law refuses, by tricks with words, by many at once: 28 – 34.


def test_28_an_unknown_purpose_is_refused_and_recorded(scene: Scene) -> None:
    answer = gate.grant(person=scene.alice, purpose="curiosity", kinds=["email"], who="program:eve", reason="look")

    assert isinstance(answer, gate.Refused)
    assert answer.decision.code == "unknown purpose"
    assert (history(scene.alice)[0].kind, history(scene.alice)[0].who) == ("refused", "program:eve")


@pytest.mark.asvs("V1.2.4")
@pytest.mark.parametrize("purpose", ["quotes' or '1'='1", "quotes'; select * from datum; --", "%", "quotes\u200b"])
def test_29_injected_text_is_a_purpose_that_nobody_states(scene: Scene, purpose: str) -> None:
    answer = gate.grant(person=scene.alice, purpose=purpose, kinds=["email"], who="program:test", reason="'; --")

    assert isinstance(answer, gate.Refused)
    assert not gate.select(purpose, "email")


def test_30_a_segment_on_a_sealed_or_unstated_kind_is_refused_by_the_database_too(scene: Scene) -> None:
    refused(
        lambda: sql(f"select * from {_SELECT}", [gate.new_id(), '{"kind": "phone", "is": ["x"]}']),
        "segment not stated",
    )
    assert sql(
        f"select people from {_SELECT}",
        [gate.new_id(), '{"kind": "name", "is": ["' + ALICE["name"] + '"]}'],
    ) == [(None,)]


def test_31_a_setting_left_behind_opens_nothing_for_the_next_user(scene: Scene, other: Any) -> None:
    for statement in (
        f"set troth.opened = '{scene.grant.id}'",
        "set row_security = off",
        "set check_function_bodies = off",
        "set search_path = pg_temp, public",
        "set session_replication_role = default",
        "prepare look (uuid, uuid, bytea) as select * from public.read_granted($1, $2, $3)",
    ):
        with contextlib.suppress(psycopg.errors.InsufficientPrivilege):
            other.execute(statement)

    refused(lambda: other.execute(f"execute look('{scene.bob}', '{scene.grant.id}', '')"), "no grant")


def test_32_a_bulk_grant_opens_nobody_outside_its_bitmap_nor_by_a_foreign_token(scene: Scene) -> None:
    bulk = gate.grant_selection(gate.select("offers", "email"), kinds=["email"], who="program:test", reason="mailing")
    assert isinstance(bulk, gate.BulkGrant)
    charlie = known_person(CHARLIE)

    everybody = replace(bulk, ordinals=(range(1_000_000),))
    assert charlie not in {given.grant.person for given in gate.read_selection(everybody, size=1_000_000)}
    refused(
        lambda: rows("select * from read_selected(array[%s]::uuid[], '{\"\"}', '{0}', '{1000}')", [bulk.id]), "no grant"
    )
    refused(lambda: gate.read(replace(scene.grant, id=bulk.id)), "no grant")


def test_33_a_grant_is_no_grant_to_disclose_more_or_to_somebody_else(scene: Scene) -> None:
    given = gate.read(scene.grant)
    lied = replace(given, grant=replace(scene.grant, kinds=("email", "phone")), values={**given.values, "phone": "1"})

    def disclose(recipient_class: str, kinds: list[str]) -> None:
        gate.disclose(
            lied,
            recipient_class=recipient_class,
            recipient="x",
            recipient_name="X",
            kinds=kinds,
            who="program:test",
            reason="none",
        )

    refused(lambda: disclose("distributor", ["email", "phone"]), "not granted")
    refused(lambda: disclose("authority", ["email"]), "recipient not stated")


def test_34_while_the_clock_stands_back_nothing_is_opened_and_the_refusal_is_recorded(scene: Scene) -> None:
    scene.owner.execute(
        "insert into checkpoint (size, root, at_utc, note) values (1, ''::bytea, now() + interval '1 hour', '')"
    )

    refused(lambda: gate.read(scene.grant), "clock backward")
    answer = gate.grant(person=scene.alice, purpose="quotes", kinds=["email"], who="program:test", reason="now")
    assert isinstance(answer, gate.Refused)
    assert answer.decision.code == "clock backward"
    assert json.loads(history(scene.alice)[0].payload_text)["codes"] == {"email": "clock backward"}


def test_35_two_connections_at_once_open_no_more_than_one_after_the_other(scene: Scene, other: Any) -> None:
    """An opt-out that is committed between grant and read wins, whoever comes from where."""
    offers = gate.grant(person=scene.alice, purpose="offers", kinds=["email"], who="program:test", reason="offer")
    assert isinstance(offers, gate.Grant)
    said = threading.Thread(
        target=lambda: other.execute(
            "select choose(%s, %s, 'marketing', 1, false, 'page', 'person')", [scene.alice, gate.new_id()]
        )
    )
    said.start()
    said.join()

    assert gate.read(offers).values == {}


def test_36_granting_and_reading_in_one_call_needs_the_commit_between(scene: Scene, other: Any) -> None:
    """Inside a transaction that may still be rolled back the call ends before it reads, and leaves nothing."""
    before = len(history(scene.alice))
    call = (
        "call look(%s, %s, sha256('t'), 't', 'quotes', '{email}', 'program:test', 'in one go', null, '1 minute', null)"
    )

    def held_open() -> None:
        with other.transaction():
            other.execute(call, [scene.alice, gate.new_id()])

    refused(held_open, "invalid transaction termination")
    assert len(history(scene.alice)) == before

    codes, given = other.execute(call, [scene.alice, gate.new_id()]).fetchone()
    assert (codes, [kind for kind, *_value in json.loads(given)]) == ({"email": "stated"}, ["email"])
    assert history(scene.alice)[0].reason == "in one go"
