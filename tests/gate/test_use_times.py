"""Purposes that may use a value for a shorter time than it is kept, by travelling through time."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from tests.gate.test_door import OFFERS, QUOTES
from tests.gate.test_times import START, allowed, days
from tests.worlds import ALICE, BOB, known_person, policy_text

from troth import gate, in_force
from troth.cases import actions as cases
from troth.policy import Policy, confirm
from troth.records import profile, standing
from troth.records.keeping import Provenance, keep
from troth.records.ledger import note
from troth.records.times import reckon
from troth.uses.inquiries.actions import INQUIRY
from troth.words.keeping import describe_times

pytestmark = pytest.mark.django_db(transaction=True)

SHORTER = "{email: {for: 3 months, after: request}}"
SIX_MONTHS = "{email: {for: 6 months, after: request}}"


def stated(version: int, times: str = SHORTER, **purposes: Any) -> str:
    """A policy that keeps email for 24 months and lets quotes use it for a shorter time."""
    quotes = QUOTES | ({"kept": times} if times else {})
    return policy_text(version, purposes={"quotes": quotes, "offers": OFFERS, **purposes})


@pytest.fixture(autouse=True)
def first_version(adopt: Callable[[str], Policy], time_machine: Any) -> Policy:
    time_machine.move_to(START, tick=False)
    return adopt(stated(1))


def give(cause: UUID | None = None, person: UUID | None = None) -> UUID:
    provenance = Provenance("form.quote", in_force.policy().version, datetime.now(UTC), "typed by the person")
    return keep(values={"email": "alice@x.example"}, provenance=provenance, cause=cause, person=person).person


def shown(person: UUID) -> str:
    return describe_times(in_force.law(), profile.list_data(person)[-1])


def reaches(person: UUID, purpose: str) -> bool:
    """By deciding and by selecting, which must agree."""
    decided = gate.decide(person, purpose, ["email"])["email"].allowed
    assert decided == (person in gate.select(purpose, "email"))
    return decided


def stands(owner: Any) -> None:
    """What is written down for everyone is what their data say."""
    with owner.cursor() as cursor:
        assert list(standing.differences(cursor)) == []


def test_each_purpose_ends_with_its_own_time_and_the_value_lives_on_for_the_others(
    time_machine: Any, owner: Any
) -> None:
    request = gate.new_id()
    alice, bob = give(request), known_person(BOB)
    cases.open_case(INQUIRY, cases.CaseArrival(id=request, person=alice, manner="form", at_utc=datetime.now(UTC)))
    assert shown(alice).endswith("our last contact; used for The purpose quotes: 3 months after the request")
    time_machine.move_to(START + days(200), tick=False)
    assert (allowed(alice, "email"), allowed(bob, "email")) == (True, False), "her request is still open"

    note(person=alice, kind="answered", purpose="quotes", who="program:test", cause=request)
    assert shown(alice).endswith("; used for The purpose quotes until Sep 14, 2027")
    time_machine.move_to(START + days(200 + 93), tick=False)

    assert gate.decide(alice, "quotes", ["email"])["email"].code == "expired"
    assert not allowed(alice, "email")
    assert reaches(alice, "service")
    assert "; not used for The purpose quotes since Sep 14, 2027" in shown(alice)
    gate.expire()
    assert not allowed(alice, "email")
    assert reaches(alice, "service"), "no data was deleted"
    stands(owner)


def test_an_open_grant_gives_a_purpose_nothing_that_is_over_for_it(time_machine: Any) -> None:
    alice = give()
    time_machine.move_to(START + days(92) - timedelta(minutes=1), tick=False)
    give(person=alice)
    granted = gate.grant(person=alice, purpose="quotes", kinds=["email"], who="program:test", reason="test")
    time_machine.move_to(START + days(92) + timedelta(minutes=1), tick=False)
    assert isinstance(granted, gate.Grant)
    assert len(gate.read_data(granted)) == 1, "only what she gave again"


def test_a_shorter_time_is_that_of_stored_data_and_a_longer_one_of_data_to_come(
    adopt: Callable[[str], Policy], time_machine: Any, owner: Any
) -> None:
    alice = give()
    adopt(stated(2, SIX_MONTHS))
    bob = give()
    time_machine.move_to(START + days(100), tick=False)
    assert (allowed(alice, "email"), allowed(bob, "email")) == (False, True)
    while reckon(at_most=1):
        assert (allowed(alice, "email"), allowed(bob, "email")) == (False, True)
    stands(owner)

    adopt(stated(3, "{email: {for: 1 month, after: collection}}"))
    assert (allowed(alice, "email"), allowed(bob, "email")) == (False, False)
    adopt(stated(4, ""))
    charlie = give()
    time_machine.move_to(START + days(400), tick=False)
    assert [allowed(each, "email") for each in (alice, bob, charlie)] == [False, False, True]
    while reckon():
        pass
    stands(owner)


def test_a_value_goes_with_the_last_purpose_that_may_use_it(
    adopt: Callable[[str], Policy], time_machine: Any, owner: Any
) -> None:
    own = {"offers": OFFERS | {"kept": "{email: {for: 9 months, after: collection}}"}}
    text = stated(2, **own).replace("may use: [email, name, industry", "may use: [name, industry")
    adopt(confirm(text))
    alice = known_person(ALICE, channel="form.register", version=2)
    quoted = give()
    time_machine.move_to(START + days(100), tick=False)
    gate.expire()
    kinds = {each.kind for each in profile.list_data(alice)}
    assert "email" in kinds, "the other purpose may still use it"
    assert profile.list_data(quoted), "so may it use this one"

    time_machine.move_to(START + days(300), tick=False)
    gate.expire()

    assert {each.kind for each in profile.list_data(alice)} == kinds - {"email"}
    assert profile.list_data(quoted) == []
    stands(owner)
