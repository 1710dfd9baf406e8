"""Until when data are kept, by travelling through time: what is stored, what is shown and what is refused, event by event."""

import functools
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.gate.test_door import OFFERS, QUOTES
from tests.worlds import ALICE, BOB, CHARLIE, known_person, policy_text

from troth import gate, in_force, work
from troth.cases import actions as cases
from troth.collection.forms.reasons import reason_of
from troth.collection.intake import Intake
from troth.policy import Duration, KnownEvent, Policy, Retention, confirm, find_end
from troth.policy.terms import EVENTS
from troth.records import profile, retention, standing, times
from troth.records.accounts import join
from troth.records.keeping import Provenance, keep
from troth.records.ledger import history, note
from troth.records.times import note_license, reckon
from troth.security.models import User
from troth.uses.inquiries.actions import INQUIRY
from troth.uses.newsletter import installations
from troth.words.keeping import describe_end

pytestmark = pytest.mark.django_db(transaction=True)

START = datetime(2026, 11, 26, 12, tzinfo=UTC)
RULES = {
    "email": "24 months, after: last contact",
    "name": "24 months, after: account",
    "phone": "24 months, after: request",
    "industry": "12 months, after: license period",
}


def ruled(version: int, **rules: str) -> str:
    """A policy whose kinds are kept by these rules, and all of them used for quotes."""
    text = policy_text(
        version, purposes={"quotes": QUOTES | {"may use": ["name", "industry", "phone"]}, "offers": OFFERS}
    )
    for kind, rule in (RULES | rules).items():
        text = re.sub(rf"(kind: {kind}\n(?:.+\n)*?kept: )\{{.*\}}", rf"\1{{for: {rule}}}", text)
    return confirm(text)


@pytest.fixture(autouse=True)
def first_version(adopt: Callable[[str], Policy], time_machine: Any) -> Policy:
    time_machine.move_to(START, tick=False)
    return adopt(ruled(1))


def given_for(values: dict[str, str], cause: UUID | None = None) -> UUID:
    provenance = Provenance("form.quote", in_force.policy().version, datetime.now(UTC), "typed by the person")
    return keep(values=values, provenance=provenance, cause=cause).person


def shown(person: UUID, kind: str) -> str:
    """What her pages say of the value; "gone" where it is not stored any more."""
    found = [datum for datum in profile.list_data(person) if datum.kind == kind]
    return describe_end(in_force.law().find_retention(kind), found[-1].kept_until_utc) if found else "gone"


def allowed(person: UUID, kind: str) -> bool:
    """Whether quotes may use the value now: by deciding, granting and reading, selecting, and reading many at once."""
    decided = gate.decide(person, "quotes", [kind])[kind].allowed
    answer = gate.grant(person=person, purpose="quotes", kinds=[kind], who="program:test", reason="test")
    read = isinstance(answer, gate.Grant) and kind in gate.read(answer).values
    bulk = gate.grant_selection(gate.select("quotes", kind), kinds=[kind], who="program:test", reason="test")
    assert isinstance(bulk, gate.BulkGrant)
    many = {one.grant.person for one in gate.read_selection(bulk) if kind in one.values}
    assert decided == read == (person in gate.select("quotes", kind)) == (person in many)
    return decided


def days(number: int) -> timedelta:
    return timedelta(days=number)


@pytest.mark.asvs("V14.2.7")
def test_last_contact_is_when_she_signs_in_and_not_when_we_write(time_machine: Any) -> None:
    alice, bob = known_person(ALICE), known_person(BOB)
    assert shown(alice, "email") == "Kept until Nov 26, 2028, 24 months after our last contact"

    time_machine.move_to(START + days(700), tick=False)
    note(person=alice, kind="signed in", purpose="security", who="person")
    note(person=bob, kind="notified", purpose="quotes", who="program:outbox")
    gate.choose(person=bob, question="offers", version=1, yes=False, way="test")

    assert shown(alice, "email") == "Kept until Oct 26, 2030, 24 months after our last contact"
    assert shown(bob, "email") == "Kept until Nov 26, 2028, 24 months after our last contact"
    time_machine.move_to(START + days(731), tick=False)
    assert (allowed(alice, "email"), allowed(bob, "email")) == (True, False)
    assert shown(bob, "email") != "gone", "the job has not run yet"
    gate.expire()
    assert (shown(alice, "email")[:10], shown(bob, "email")) == ("Kept until", "gone")
    assert history(bob)[0].kind == "expired"


@pytest.mark.parametrize("act", ["sends", "says yes"])
def test_who_sends_or_agrees_is_in_contact(act: str, time_machine: Any) -> None:
    alice = known_person(ALICE)
    time_machine.move_to(START + days(365), tick=False)
    if act == "sends":
        keep(
            values={"industry": "valves"},
            person=alice,
            provenance=Provenance("form.register", 1, datetime.now(UTC), "typed"),
        )
    else:
        gate.choose(person=alice, question="offers", version=1, yes=True, way="test")
    assert shown(alice, "email") == "Kept until Nov 26, 2029, 24 months after our last contact"


def test_a_contact_leaves_the_row_that_selections_read_until_the_former_end(time_machine: Any, owner: Any) -> None:
    alice = known_person(ALICE)
    row = "select xmin::text, settled_until from standing where person_id = %s"
    before = owner.execute(row, [alice]).fetchone()
    time_machine.move_to(START + days(365), tick=False)

    note(person=alice, kind="signed in", purpose="security", who="person")

    assert owner.execute(row, [alice]).fetchone() == before
    assert list(standing.differences(owner.cursor())) == []
    time_machine.move_to(START + days(731), tick=False)
    assert allowed(alice, "email")
    assert (gate.expire(), gate.expire()) == (1, 0)
    assert shown(alice, "email") == "Kept until Nov 26, 2029, 24 months after our last contact"
    ends = owner.execute("select min(kept_until_utc) from datum where person_id = %s", [alice]).fetchone()
    assert owner.execute(row, [alice]).fetchone()[1:] == ends


def test_what_comes_too_late_does_not_bring_back_what_is_over(time_machine: Any) -> None:
    alice = known_person(ALICE)
    time_machine.move_to(START + days(731), tick=False)
    note(person=alice, kind="signed in", purpose="security", who="person")
    assert not allowed(alice, "email")
    gate.expire()
    assert shown(alice, "email") == "gone"


def test_an_open_grant_gives_nothing_whose_time_is_over(time_machine: Any) -> None:
    alice = known_person(ALICE)
    time_machine.move_to(START + days(731) - timedelta(minutes=1), tick=False)
    granted = gate.grant(person=alice, purpose="quotes", kinds=["email"], who="program:test", reason="test")
    time_machine.move_to(START + days(731) + timedelta(minutes=1), tick=False)
    assert isinstance(granted, gate.Grant)
    assert gate.read(granted).values == {}
    assert gate.read_data(granted) == {}


def test_the_time_of_a_request_runs_when_it_is_closed(time_machine: Any) -> None:
    answered, closed, other = gate.new_id(), gate.new_id(), gate.new_id()
    alice, bob = given_for({"phone": "+15595550142"}, answered), given_for({"phone": "+15595550143"}, closed)
    charlie = given_for({"phone": "+15595550144"}, other)
    for whose, request in ((alice, answered), (bob, closed)):
        cases.open_case(INQUIRY, cases.CaseArrival(id=request, person=whose, manner="form", at_utc=datetime.now(UTC)))
    assert shown(alice, "phone") == "Kept while your request is open, then 24 months"

    time_machine.move_to(START + days(1000), tick=False)
    assert (allowed(alice, "phone"), allowed(charlie, "phone")) == (True, False)
    note(person=alice, kind="answered", purpose="quotes", who="program:test", cause=answered)
    cases.withdraw(closed, at_utc=datetime.now(UTC), who="program:test")
    assert shown(alice, "phone") == shown(bob, "phone") == "Kept until Aug 22, 2031, 24 months after your request"

    time_machine.move_to(START + days(1000 + 731), tick=False)
    assert not allowed(alice, "phone")
    gate.expire()
    assert shown(alice, "phone") == "gone"


def with_account(person: UUID) -> User:
    user = User.objects.create_customer(
        address=f"{person}@x.example", password="unusable", person=person, cause=gate.new_id()
    )
    join(user=user.pk, person=person, way="same address")
    return user


def test_data_live_with_the_account_and_its_time_runs_from_its_end(time_machine: Any, owner: Any) -> None:
    alice, hers, stranger = known_person(ALICE), known_person(BOB), known_person(CHARLIE)
    user = with_account(alice)
    join(user=user.pk, person=hers, way="signed in")
    assert shown(hers, "name") == "Kept while you have an account, then 24 months"
    assert shown(stranger, "name") == "Kept until Nov 26, 2028, 24 months after your account ended"

    time_machine.move_to(START + days(1500), tick=False)
    assert allowed(hers, "name")
    assert not allowed(stranger, "name")
    owner.execute("select erase(%s, %s, 'staff:test', 'asked')", [alice, gate.new_id()])
    assert shown(hers, "name") == "Kept until Jan 4, 2033, 24 months after your account ended"
    assert owner.execute("select count(*) from event_time where person_id = %s", [alice]).fetchone() == (0,)

    time_machine.move_to(START + days(1500 + 732), tick=False)
    assert not allowed(hers, "name")
    gate.expire()
    assert shown(hers, "name") == "gone"


def test_what_lives_as_long_as_the_account_says_no_time_after_it(adopt: Callable[[str], Policy]) -> None:
    policy = adopt(ruled(2, name="0 days, after: account closed"))
    alice, stranger = known_person({"email": ALICE["email"]}, version=2), known_person(CHARLIE, version=2)
    with_account(alice)
    keep(values={"name": "Alice"}, person=alice, provenance=Provenance("form.quote", 2, START, "typed by the person"))
    assert shown(alice, "name") == "Kept while you have an account"
    assert shown(stranger, "name").startswith("No longer used since")
    form = policy.collects["form.quote"]
    asked = next(ask for ask in form.asks if ask.kind == "name")
    assert reason_of(policy, form, asked).text.endswith("Kept while you have an account.")


def test_everybody_of_an_account_shares_its_contact_and_no_stranger_does(time_machine: Any) -> None:
    alice, hers, stranger = known_person(ALICE), known_person(BOB), known_person(CHARLIE)
    user = with_account(alice)
    time_machine.move_to(START + days(365), tick=False)
    note(person=alice, kind="signed in", purpose="security", who="person")
    assert shown(hers, "email").startswith("Kept until Nov 26, 2028"), "she is nobody of the account yet"

    join(user=user.pk, person=hers, way="same address")

    assert shown(hers, "email").startswith("Kept until Nov 26, 2029")
    time_machine.move_to(START + days(400), tick=False)
    note(person=alice, kind="signed in", purpose="security", who="person")
    assert shown(hers, "email").startswith("Kept until Dec 31, 2029")
    assert shown(stranger, "email").startswith("Kept until Nov 26, 2028")


def test_the_time_of_a_license_runs_from_its_end(time_machine: Any) -> None:
    alice, license, second = known_person(ALICE), gate.new_id(), gate.new_id()
    note_license(alice, license, ends_utc=None)
    assert shown(alice, "industry") == "Kept while your license runs, then 12 months"
    time_machine.move_to(START + days(2000), tick=False)
    assert allowed(alice, "industry")

    note_license(alice, license, ends_utc=START + days(2100))
    note_license(alice, second, ends_utc=START + days(2050))

    assert shown(alice, "industry") == "Kept until Aug 26, 2033, 12 months after your license ended"
    time_machine.move_to(START + days(2100 + 366), tick=False)
    assert not allowed(alice, "industry")
    gate.expire()
    assert shown(alice, "industry") == "gone"


@pytest.mark.parametrize("event", ["account", "last contact", "request"])
def test_what_is_written_with_its_fact_no_room_may_note(event: str, owner: Any) -> None:
    alice = known_person(ALICE)
    from troth.records.times import _note

    with pytest.raises(gate.Refusal):
        _note(alice, event, alice, None)
    with pytest.raises(gate.Refusal):
        note_license(gate.new_id(), gate.new_id(), ends_utc=None)


@pytest.mark.asvs("V14.2.7")
def test_a_shortened_time_is_refused_at_once_and_reaches_stored_data_by_a_job_that_resumes(
    adopt: Callable[[str], Policy], time_machine: Any, owner: Any
) -> None:
    people = sorted(known_person(values) for values in (ALICE, BOB, CHARLIE))  # of one moment, as the job goes
    time_machine.move_to(START + days(200), tick=False)
    late = given_for({"email": "late@x.example"})

    adopt(ruled(2, email="6 months, after: last contact"))

    assert [allowed(person, "email") for person in (*people, late)] == [False, False, False, True]
    assert shown(late, "email") == "Kept until Dec 14, 2027, 6 months after our last contact"
    assert shown(people[0], "email") == "No longer used since May 26, 2027"
    assert list(standing.differences(owner.cursor())) == []
    assert reckon(at_most=2)  # it is interrupted here
    assert stored(owner, people[0]) == datetime(2027, 5, 26, 12, tzinfo=UTC)
    assert stored(owner, late) == datetime(2029, 6, 14, 12, tzinfo=UTC)
    assert [allowed(person, "email") for person in (*people, late)] == [False, False, False, True]
    while reckon(at_most=2):
        continue
    assert stored(owner, late) == datetime(2027, 12, 14, 12, tzinfo=UTC)
    assert owner.execute(
        "select changed, ended_utc is not null from progress where step = 'retention by version 2'"
    ).fetchone() == (4, True)
    assert gate.expire() == 3
    assert [shown(person, "email")[:4] for person in (*people, late)] == ["gone", "gone", "gone", "Kept"]
    assert allowed(late, "email")


def test_what_is_over_at_once_goes_on_two_connections_once_each(time_machine: Any, monkeypatch: Any) -> None:
    people = [given_for({"email": f"{number}@x.example"}) for number in range(12)]
    time_machine.move_to(START + days(731), tick=False)
    monkeypatch.setattr(gate, "EXPIRED_AT_ONCE", 1)
    monkeypatch.setattr(gate, "expire", functools.partial(gate.expire, at_most=1))

    work.expire(0)

    assert [[entry.kind for entry in history(person)].count("expired") for person in people] == [1] * 12
    assert retention.list_deleted(since=START.date()) == [retention.KindCount(datetime.now(UTC).date(), "email", 12)]


def stored(owner: Any, person: UUID) -> datetime | None:
    sql = "select kept_until_utc from datum where person_id = %s and kind = 'email'"
    found: datetime | None = owner.execute(sql, [person]).fetchone()[0]
    return found


def test_the_deleting_job_alone_keeps_a_shortened_time(
    adopt: Callable[[str], Policy], time_machine: Any, owner: Any
) -> None:
    alice = known_person(ALICE)
    time_machine.move_to(START + days(730), tick=False)
    adopt(ruled(2, email="30 months, after: last contact"))
    time_machine.move_to(START + days(731), tick=False)  # as it was written down, her time is over
    gate.expire()
    assert shown(alice, "email") == "Kept until May 26, 2029, 30 months after our last contact"
    assert allowed(alice, "email")


def test_a_longer_time_lengthens_what_is_left_and_revives_nothing(
    adopt: Callable[[str], Policy], time_machine: Any
) -> None:
    over = known_person(ALICE)
    time_machine.move_to(START + days(200), tick=False)
    left = known_person(BOB)
    adopt(ruled(2, email="6 months, after: last contact"))
    adopt(ruled(3, email="36 months, after: last contact"))  # nobody reckoned between
    assert (allowed(over, "email"), allowed(left, "email")) == (False, True)
    while reckon():
        continue
    gate.expire()
    assert shown(over, "email") == "gone"
    assert shown(left, "email") == "Kept until Jun 14, 2030, 36 months after our last contact"


def test_a_version_that_keeps_everything_as_before_reckons_nobody(adopt: Callable[[str], Policy], owner: Any) -> None:
    known_person(ALICE)
    adopt(ruled(2))
    assert owner.execute("select count(*) from progress where step like 'retention%'").fetchone() == (0,)
    assert not reckon()


def test_of_two_values_of_one_source_the_older_is_deleted_in_its_time(
    adopt: Callable[[str], Policy], time_machine: Any, owner: Any
) -> None:
    adopt(ruled(2, email="30 days, after: collection"))
    alice = known_person(ALICE)
    for day in (20, 40):
        time_machine.move_to(START + days(day), tick=False)
        keep(
            values={"email": f"a{day}@x.example"},
            person=alice,
            provenance=Provenance("form.quote", 2, datetime.now(UTC), "typed"),
        )
    gate.expire()
    assert len([datum for datum in profile.list_data(alice) if datum.kind == "email"]) == 2
    assert allowed(alice, "email")


def test_what_happened_before_is_filled_in_once_and_goes_on_where_it_was(owner: Any) -> None:
    people = sorted(known_person(values) for values in (ALICE, BOB, CHARLIE))
    owner.execute("delete from event_time")
    owner.execute("delete from progress")  # where no test ran before, these of the new database
    owner.execute("insert into progress (step, after, changed) values (%s, %s, 1)", [times.STEP, people[0]])
    values, registered = {"product": "optipro-process", "email": "alice@x.example"}, gate.new_id()
    sent: dict[str, Any] = {"values": values, "cause": registered, "person": people[0]}
    installations.record(Intake(**sent, place="form.installation", version=1, at_utc=START))
    owner.execute("delete from event_time")
    for _ in range(2):
        while times.fill_some(owner.cursor()):
            continue
    filled = owner.execute("select person_id, event, object, at_utc from event_time order by 1").fetchall()
    assert filled == [
        (people[0], "license period", registered, None),
        *((person, "last contact", person, START) for person in people[1:]),
    ]
    step = owner.execute("select changed, ended_utc is not null from progress where step = %s", [times.STEP])
    assert step.fetchone() == (3, True)


moments = st.datetimes(min_value=datetime(2020, 1, 1), max_value=datetime(2031, 1, 1), timezones=st.just(UTC))
units = st.sampled_from(["hour", "day", "business day", "week", "month", "year"])
pairs = st.tuples(st.sampled_from(EVENTS[1:]), st.integers(1, 3).map(lambda it: UUID(int=it)))


@given(start=moments, number=st.integers(0, 99_999), unit=units)
@settings(max_examples=60, suppress_health_check=list(HealthCheck))
def test_the_database_counts_as_the_calendar_does(owner: Any, start: datetime, number: int, unit: Any) -> None:
    (found,) = owner.execute("select law_time(%s, %s, %s)", [start, number, unit]).fetchone()
    assert found == Duration(number, unit).after(start)


@given(
    collected=moments,
    cause=st.integers(1, 3).map(lambda it: UUID(int=it)),
    after=st.sampled_from(EVENTS),
    events=st.dictionaries(pairs, st.none() | moments, max_size=5),
)
@settings(max_examples=60, suppress_health_check=list(HealthCheck))
def test_the_database_says_what_the_policy_says(
    owner: Any, collected: datetime, cause: UUID, after: Any, events: dict[Any, datetime | None]
) -> None:
    alice = known_person(ALICE)
    owner.execute("delete from event_time where person_id = %s", [alice])
    for (event, object), at in events.items():
        owner.execute(
            "insert into event_time (person_id, event, object, at_utc) values (%s, %s, %s, %s)",
            [alice, event, object, at],
        )
    owner.execute("update law_kept set number = 7, unit = 'month', after = %s where kind = 'phone'", [after])
    (found,) = owner.execute(
        "select kept_until(%s, 'phone', 'form.quote', 1, %s, %s)", [alice, cause, collected]
    ).fetchone()
    happened = [KnownEvent(event, object, at) for (event, object), at in events.items()]
    kept = Retention(Duration(7, "month"), after)
    assert found == find_end(kept, collected_utc=collected, cause=cause, events=happened)
