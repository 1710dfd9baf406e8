"""What a taken-over web process can and cannot do: each line of docs/taken-over.md is a test here, as the application's
role, with the master key at hand unless it says that only the database's role was taken.

Policy  #S1
"""

import hashlib
import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import psycopg
import pytest
from django.db import DatabaseError
from tests.acting import acting_as, token_of
from tests.filed import attached_to
from tests.gate.test_bypass import Scene, other, scene
from tests.visits import PASSWORD, staff
from tests.worlds import ALICE, BOB, kept

from troth import files, gate
from troth.access.requests import erasing
from troth.cases import actions
from troth.cases.kinds import kinds
from troth.cases.models import Case
from troth.gate.door import reader, token
from troth.records import ledger, rights, stored
from troth.seal import CannotOpen, vault
from troth.security import acts, entry, knowing
from troth.security.models import User

__all__ = ["other", "scene"]

pytestmark = pytest.mark.django_db(transaction=True)

DATA = '[{{"id": "{id}", "kind": "{kind}", "{how}": "{value}"}}]'
KEEP = "select keep(%s, null, %s::jsonb, 'form.quote', 1, 'typed', %s, %s, null, gen_random_uuid(), %s)"


@contextmanager
def refused(code: str) -> Iterator[None]:
    with pytest.raises((psycopg.Error, DatabaseError, gate.Refusal)) as error:
        yield
    assert code in (getattr(error.value, "code", ""), *str(error.value).split(":", 2)[:2]), str(error.value)


def denied() -> Any:
    return pytest.raises(psycopg.errors.InsufficientPrivilege)


def datum(kind: str, how: str, value: str) -> str:
    return DATA.format(id=gate.new_id(), kind=kind, how=how, value=value)


# It cannot …


def test_no_value_leaves_without_an_entry(scene: Scene, other: Any) -> None:
    for table in ("datum", "person_key", "choice", "entry"):
        with denied():
            other.execute(f"select * from {table}")
    with refused("no grant"):
        other.execute("select * from read_granted(%s, %s, '')", [scene.bob, scene.grant.id])


def test_an_entry_is_not_changed_or_deleted(scene: Scene, other: Any) -> None:
    for statement in (
        "update entry set who = 'program:nobody'",
        "delete from entry",
        "truncate entry",
        "delete from entry_queue",
        "update leaf_order set position = 0",
        "delete from checkpoint",
    ):
        with denied():
            other.execute(statement)


def test_what_staff_did_is_not_changed_or_taken_out(scene: Scene, other: Any, owner: Any) -> None:
    for days in (1, 730, 732):
        acts.record("staff:pia", "exported", about="quotes", at_utc=datetime.now(UTC) - timedelta(days=days))
    for statement in ("update act set who = 'staff:eve'", "delete from act", "truncate act"):
        with denied():
            other.execute(statement)
    assert other.execute("select forget_acts()").fetchone()[0] == 1
    assert owner.execute("select now() - min(at_utc) < interval '731 days', count(*) from act").fetchone() == (True, 2)


def test_no_member_of_staff_is_made_promoted_or_let_in_again(scene: Scene, other: Any) -> None:
    pia = staff("pia", role="sales")
    with denied():
        other.execute(
            "insert into \"user\" (username, display_name, role, password, is_active) values ('eve', '', 'admin', '', true)"
        )
    for change in ("role = 'admin'", "password = 'x'", "is_active = true", "username = 'eve'", "person_id = null"):
        assert other.execute(f'update "user" set {change} where id = {pia.pk}').rowcount == 0
    customer = other.execute(
        "insert into \"user\" (username, display_name, role, password, is_active) values ('eve', '', '', '', true)"
        " returning id"
    ).fetchone()[0]
    with denied():
        other.execute(f"update \"user\" set role = 'admin' where id = {customer}")
    assert other.execute(f'delete from "user" where id = {pia.pk}').rowcount == 0


def test_a_session_that_is_inserted_gives_no_seat(scene: Scene, other: Any) -> None:
    pia = staff("pia", role="privacy")
    other.execute(
        "insert into session (session_key, session_data, expire_date, user_id, way, seen_utc) values"
        " (%s, '', now() + interval '1 hour', %s, 'password', now())",
        [hashlib.sha256(b"forged").hexdigest(), pia.pk],
    )
    with denied():
        other.execute("insert into staff_seat values ('x', 1, now() + interval '1 hour')")
    with gate.acting("forged"), refused("not signed in"):
        gate.grant(person=scene.alice, purpose="quotes", kinds=["email"], who="staff:pia", reason="to look")


def test_no_staff_password_is_read_or_set(scene: Scene, other: Any) -> None:
    pia = staff("pia", role="privacy")
    with denied():
        other.execute("select verifier from staff_secret")
    stored = other.execute("select password from \"user\" where username = 'pia'").fetchone()[0]
    assert stored.startswith("staff$argon2id$")
    assert stored.count("$") == 4, "There is no hash behind the salt."
    assert not other.execute("select staff_knows('pia', sha256('guess'), 'x')").fetchone()[0]
    assert not other.execute("select staff_password('pia', 'guess', 'x', sha256('x'))").fetchone()[0]
    assert entry.knows(User.objects.get(pk=pia.pk), PASSWORD)


def test_nobody_acts_as_staff_by_what_the_tables_say(scene: Scene, other: Any) -> None:
    """Who reads the table of sessions has the hashes of their tokens; the token itself is asked for."""
    token_of("pia")
    (key,) = other.execute("select session_key from session").fetchone()
    for shown in (key, key.encode().hex(), ""):
        with gate.acting(shown), refused("not signed in"):
            gate.note(person=scene.alice, kind="notified", purpose="quotes", who="staff:pia")
    with acting_as("otto"), refused("not signed in"):
        gate.note(person=scene.alice, kind="notified", purpose="quotes", who="staff:pia")


@pytest.mark.parametrize("ended", ["is_active = false", "role = ''"])
def test_a_seat_ends_with_the_account_or_its_role(scene: Scene, owner: Any, ended: str) -> None:
    with acting_as("pia"):
        gate.note(person=scene.alice, kind="notified", purpose="quotes", who="staff:pia")
        owner.execute(f"update \"user\" set {ended} where username = 'pia'")
        with refused("not signed in"):
            gate.note(person=scene.alice, kind="notified", purpose="quotes", who="staff:pia")


def test_a_seat_ends_with_its_session_and_after_eight_hours(scene: Scene, owner: Any) -> None:
    for end in (
        "delete from session",
        "update session set expire_date = now()",
        "update staff_seat set until_utc = now()",
    ):
        with acting_as("pia"):
            gate.note(person=scene.alice, kind="notified", purpose="quotes", who="staff:pia")
            owner.execute(end)
            with refused("not signed in"):
                gate.note(person=scene.alice, kind="notified", purpose="quotes", who="staff:pia")


@pytest.mark.parametrize("who", ["staff:pia", "owner", "", "Person", "staff:", "programm:x", "person\n", None])
def test_nobody_is_named_who_is_not_there(scene: Scene, who: str | None) -> None:
    with refused("not signed in" if (who or "").startswith("staff") else "unknown who"):
        gate.choose(person=scene.bob, question="marketing", version=1, yes=True, way="x", who=who)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("at", "evidence", "code"),
    [
        ("1999-01-01", "", "long past"),
        ("1999-01-01", "a letter", "long past"),
        ("now() - interval '2 hours'", "", "long past"),
        ("now() - interval '400 days'", "x", "long past"),
        ("now() + interval '1 hour'", "", "time to come"),
        ("infinity", "x", "time to come"),
        ("-infinity", "x", "long past"),
    ],
)
def test_nothing_is_dated_in_another_year_or_to_come(
    scene: Scene, other: Any, at: str, evidence: str, code: str
) -> None:
    moment = other.execute(f"select {at}" if "now" in at else f"select timestamptz '{at}'::text").fetchone()[0]
    with refused(code):
        other.execute(KEEP, [scene.bob, datum("industry", "clear", "food"), evidence, moment, "person"])
    other.execute(KEEP, [scene.bob, datum("industry", "clear", "food"), "a letter", "now", "person"])
    assert ledger.history(scene.bob)[0].kind == "collected"


@pytest.mark.parametrize(
    ("kind", "how", "value"),
    [
        ("email", "clear", "eve@x.example"),
        ("name", "clear", "Eve"),
        ("email", "sealed", "6576654078"),
        ("email", "sealed", "01" + "00" * 20),
        ("email", "sealed", "02" + "00" * 40),
        ("industry", "sealed", "01" + "00" * 40),
    ],
)
def test_what_identifies_is_never_kept_in_clear(scene: Scene, other: Any, kind: str, how: str, value: str) -> None:
    with refused("not sealed"):
        other.execute(KEEP, [scene.bob, datum(kind, how, value), "", "now", "person"])


def open_erasure(person: UUID) -> Case:
    now = datetime.now(UTC)
    return actions.open_case(
        kinds()["erasure"],
        actions.CaseArrival(id=gate.new_id(), person=person, manner="form", at_utc=now),
        verified=True,
    ).case


@pytest.fixture
def erasure(site: Any) -> Case:
    return open_erasure(kept({"name": "Alice Ashby", "email": "alice@ashby.example"}, channel="form.privacy").person)


def test_no_state_of_a_request_is_written_by_hand(erasure: Case, other: Any) -> None:
    for statement in (
        "update request_case set state = 'answered'",
        "update request_case set verified_utc = now()",
        "update request_case set person_id = null",
        "update request_case set facts = '{}'",
        "insert into request_case select * from request_case",
        "delete from request_case",
        "insert into case_approval (case_id, what, who, at_utc, transaction) select id, 'erase', 'staff:a', now(), 1"
        " from request_case",
        "insert into case_event (id, case_id, at_utc, who, what, words) select gen_random_uuid(), id, now(), 'staff:a', 'x', ''"
        " from request_case",
        "delete from case_event",
        "update case_event set who = 'staff:eve'",
    ):
        with denied():
            other.execute(statement)


def test_one_member_of_staff_alone_erases_exports_and_discloses_nothing(erasure: Case, other: Any) -> None:
    with acting_as("pia"):
        actions.approve(erasure.id, what="erase", who="staff:pia", at_utc=datetime.now(UTC))
        with refused("same person"):
            actions.approve(erasure.id, what="erase", who="staff:pia", at_utc=datetime.now(UTC))
        with refused("not signed in"):
            actions.approve(erasure.id, what="erase", who="staff:otto", at_utc=datetime.now(UTC))
        for step in ("erasing", "exported"):
            with refused("not approved"):
                actions.note(erasure.id, words="x", at_utc=datetime.now(UTC), who="staff:pia", what=step)
    with refused("not approved"):
        rights.erase(erasure.id, kept=[], who="program:x", reason="")
    for who in ("program:x", "person"):
        with refused("not staff"):
            rights.approve(erasure.id, what="erase", who=who)


def test_an_approved_erasure_touches_nobody_else(erasure: Case) -> None:
    stranger = kept({"name": "Charlie", "email": "charlie@elsewhere.example"}, channel="form.privacy").person
    for name in ("pia", "otto"):
        with acting_as(name):
            actions.approve(erasure.id, what="erase", who=f"staff:{name}", at_utc=datetime.now(UTC))
    with acting_as("pia"):
        erasing.carry_out(erasure.id, at_utc=datetime.now(UTC), who="staff:pia")
    became = rights.erase(erasure.id, kept=[], who="program:x", reason="")
    assert stranger not in became
    assert gate.decide(stranger, "access", ["name"])["name"].allowed, "she is held as before"


def test_no_version_of_the_policy_is_adopted_or_changed(scene: Scene, other: Any) -> None:
    for statement in (
        "update policy_version set text = ''",
        "insert into law_use select * from law_use",
        "update law_collect set sensitivity = 'describing'",
        "select adopt(2, '', '', now()::date, '', '{}', gen_random_uuid())",
    ):
        with denied():
            other.execute(statement)


def test_no_clock_and_no_key_is_declared_right(scene: Scene, other: Any) -> None:
    for statement in (
        "insert into clock_word (size, at_utc, by, reason) values (0, now(), '', '')",
        "select clock_say(gen_random_uuid(), '', '')",
        "update key_mark set sealed = ''",
        "delete from key_mark",
        "select sealer_note(gen_random_uuid(), '', '')",
    ):
        with denied():
            other.execute(statement)


def test_no_job_runs_with_more_than_the_applications_rights(scene: Scene, other: Any, owner: Any) -> None:
    """Whoever queues a job has it run by a process of the same role; nothing in the database takes it up otherwise."""
    rules = owner.execute(
        "select count(*) from pg_trigger t join pg_proc p on p.oid = t.tgfoid where p.prosecdef"
        " and t.tgrelid::regclass::text like 'procrastinate%'"
    ).fetchone()
    assert rules == (0,)
    with denied():
        other.execute("set role troth_owner")


# It can …


def test_it_reads_what_a_purpose_allows_and_leaves_the_entry(scene: Scene, other: Any) -> None:
    id = gate.new_id()
    opens = token(id)
    other.execute(
        "select grant_use(%s, %s, %s, 'quotes', '{email}', 'program:anything', 'no reason at all', null, '1 hour')",
        [scene.bob, id, hashlib.sha256(opens.encode()).digest()],
    )
    (row,) = other.execute(
        "select kind, sealed, clear, wrapped from read_granted(%s, %s, %s)", [scene.bob, id, opens.encode()]
    ).fetchall()
    assert reader(scene.bob)(row) == BOB["email"]
    assert (ledger.history(scene.bob)[0].kind, ledger.history(scene.bob)[0].who) == ("used", "program:anything")


def test_it_acts_as_staff_whose_requests_pass_through_it(scene: Scene) -> None:
    seen = token_of("pia")
    with gate.acting(seen):
        gate.note(
            person=scene.bob, kind="notified", purpose="quotes", who="staff:pia", reason="by whoever saw the cookie"
        )
    assert ledger.history(scene.bob)[0].who == "staff:pia"


def test_it_takes_a_seat_with_a_password_that_is_typed_meanwhile(scene: Scene, other: Any) -> None:
    pia = staff("pia", role="privacy")
    proof = knowing.proof(pia.password, PASSWORD)
    other.execute(
        "insert into session (session_key, session_data, expire_date, user_id, way, seen_utc) values"
        " (%s, '', now() + interval '1 hour', %s, 'password', now())",
        [hashlib.sha256(b"mine").hexdigest(), pia.pk],
    )
    assert other.execute("select staff_knows('pia', %s, 'mine')", [proof]).fetchone()[0]
    with gate.acting("mine"):
        gate.note(person=scene.bob, kind="notified", purpose="quotes", who="staff:pia")


def test_it_speaks_for_people_at_forms_and_links(scene: Scene, other: Any) -> None:
    other.execute(
        "select choose(%s, gen_random_uuid(), 'marketing', 1, true, 'preference page', 'person')", [scene.bob]
    )
    other.execute(KEEP, [scene.bob, datum("industry", "clear", "mining"), "", "now", "person"])
    assert [(each.kind, each.who) for each in ledger.history(scene.bob)[:2]] == [
        ("collected", "person"),
        ("chose", "person"),
    ]


def test_it_takes_away_single_values_and_leaves_the_entry(scene: Scene, other: Any) -> None:
    held = other.execute("select id from pieces_of(%s) where kind = 'name'", [scene.bob]).fetchone()[0]
    other.execute("select let_go_of(%s, %s, gen_random_uuid(), 'removed', 'x', 'person')", [scene.bob, held])
    assert (ledger.history(scene.bob)[0].kind, ledger.history(scene.bob)[0].kinds) == ("removed", ("name",))


def test_it_opens_requests_in_anybodys_name(erasure: Case) -> None:
    other = open_erasure(kept({"name": "Bob", "email": "bob@x.example"}, channel="form.privacy").person)
    assert (other.state, other.verified_utc is not None) == ("open", True)
    assert [event.who for event in other.events.all()] == ["person"]


def test_it_sees_who_is_there_what_kinds_are_held_and_every_history(scene: Scene, other: Any) -> None:
    assert {kind for (kind,) in other.execute("select kind from pieces_of(%s)", [scene.bob])} == BOB.keys()
    assert other.execute("select kind from history(%s)", [scene.bob]).fetchall() == [("collected",)]
    assert not any(
        value in json.dumps(other.execute("select * from history(%s)", [scene.bob]).fetchall(), default=str)
        for value in BOB.values()
    )


def test_it_counts_unseen_and_selects_with_an_entry(scene: Scene, other: Any) -> None:
    segment = json.dumps({"kind": "industry", "is": [BOB["industry"]]})
    before = len(ledger.history(scene.bob)) + len(ledger.bulk_uses_of(scene.bob))
    assert other.execute("select count_people('quotes', 'email', %s)", [segment]).fetchone() == (1,)
    assert len(ledger.history(scene.bob)) + len(ledger.bulk_uses_of(scene.bob)) == before

    (people,) = other.execute(
        "select people from select_people(%s, 'quotes', 'email', %s, 'program:x', 'to look')", [gate.new_id(), segment]
    ).fetchone()

    assert UUID(bytes=bytes(people)) == scene.bob
    (told,) = ledger.bulk_uses_of(scene.bob)
    assert (told.kind, told.purpose, set(told.kinds), told.reason) == (
        "selected",
        "quotes",
        {"email", "industry"},
        "to look",
    )
    assert ledger.bulk_uses_of(scene.alice) == []


def test_it_reads_business_rows_without_an_entry(scene: Scene, other: Any) -> None:
    other.execute("select need, product, territory from quote_request")


def test_it_makes_customers_accounts_links_and_emails(scene: Scene, other: Any) -> None:
    user = other.execute(
        "insert into \"user\" (username, display_name, role, password, is_active, person_id) values ('c', '', '', '', true, %s)"
        " returning id",
        [scene.bob],
    ).fetchone()[0]
    other.execute("select join_account(%s, %s, '{}', array[gen_random_uuid()], 'same address')", [user, scene.alice])
    assert ledger.history(scene.alice)[0].kind == "linked"
    other.execute(
        "insert into private_link (id, person_id, power, digest, made_utc, expires_utc, further) values"
        " (gen_random_uuid(), %s, 'full', 'mine', now(), now() + interval '1 day', '{}')",
        [scene.bob],
    )
    other.execute("update letter set state = 'planned'")


def test_it_writes_in_anybodys_name_what_no_ledger_has(scene: Scene, other: Any) -> None:
    other.execute(
        "insert into act (at_utc, who, what, about, words) values ('1999-01-01', 'staff:pia', 'exported', 'quotes', '')"
    )
    other.execute(
        "insert into policy_draft (id, text, sha256, source, saved_by, saved_utc)"
        " values (gen_random_uuid(), '', '', '', 'staff:pia', '1999-01-01')"
    )
    other.execute("update newsletter_issue set approved_by = 'staff:pia', state = 'scheduled'")
    other.execute("update newsletter_sign_up set confirmed_utc = '1999-01-01'")
    for table in ("suppression", "case_message", "kept_mail", "word_mark"):
        other.execute(f"delete from {table}")


def test_it_resets_limits_and_handles_jobs(scene: Scene, other: Any) -> None:
    other.execute("delete from rate_count")
    other.execute("delete from form_nonce")
    other.execute("update due set at_utc = now()")
    other.execute("delete from due")
    other.execute("delete from procrastinate_jobs")
    other.execute(
        "insert into procrastinate_jobs (queue_name, task_name, args) values ('default', 'cases.tidy', '{\"timestamp\": 1}')"
    )
    other.execute("delete from procrastinate_jobs")


def test_it_seals_and_opens_with_the_master_key_what_it_gets_hold_of(scene: Scene, other: Any) -> None:
    wrapped = bytes(other.execute("select person_key_of(%s)", [scene.bob]).fetchone()[0])
    assert vault().open(wrapped, scene.bob, "note", vault().seal(wrapped, scene.bob, "note", "x")) == "x"


def test_it_sets_the_password_of_its_own_role(scene: Scene, other: Any) -> None:
    other.execute("alter role troth_app password 'mine'")
    other.execute("alter role troth_app password null")
    for role in ("troth_owner", "troth_sealer"):
        with denied():
            other.execute(f"alter role {role} password 'mine'")


def test_it_stalls_pages_only_as_long_as_it_holds_on(scene: Scene, other: Any) -> None:
    other.execute("set statement_timeout = 0")
    with other.transaction():
        other.execute("lock table quote_request in access exclusive mode")


def test_without_the_master_key_no_value_is_opened(scene: Scene, other: Any) -> None:
    """Only the database's role was taken, as by injected SQL: what is sealed stays so, and no foreign grant opens."""
    id = gate.new_id()
    other.execute(
        "select grant_use(%s, %s, sha256('mine'), 'quotes', '{email,name}', 'program:x', '', null, '1 hour')",
        [scene.bob, id],
    )
    found = other.execute("select sealed, clear from read_granted(%s, %s, 'mine')", [scene.bob, id]).fetchall()
    assert len(found) == 2
    assert all(clear is None for _, clear in found)
    assert not any(value.encode() in bytes(sealed) for sealed, _ in found for value in (*BOB.values(), *ALICE.values()))


def test_no_file_is_opened_without_the_value_that_names_it(scene: Scene, other: Any) -> None:
    id, key, row = attached_to(scene.bob)
    wrapped = bytes(other.execute("select person_key_of(%s)", [scene.bob]).fetchone()[0])
    keys = [wrapped, vault()._unwrap(wrapped, scene.bob), vault().hiding, vault().wrapping]
    for wrong in (each[:32] for each in keys):
        with pytest.raises(CannotOpen):
            b"".join(files.of_site().read(id, wrong))
    for told in other.execute("select row_to_json(s)::text from stored_file s").fetchone():
        assert key.hex() not in told
    for change in ("delete from stored_file", "update stored_file set stored = 0"):
        with denied():
            other.execute(change)
    assert row


def test_it_deletes_files_and_the_next_check_tells(scene: Scene, other: Any) -> None:
    id, _key, _row = attached_to(scene.bob)
    files.of_site().delete(id)
    assert stored.sweep(at_utc=datetime.now(UTC)).missing == (id,)
