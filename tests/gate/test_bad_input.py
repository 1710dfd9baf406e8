"""What is wrong is refused with a sentence and a code, stands in the ledger, and opens nothing."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.db import transaction
from tests.gate.test_door import OFFERS, QUOTES
from tests.worlds import ALICE, kept, known_person, policy_text

from troth import gate, in_force
from troth.policy import Policy
from troth.records.ledger import LedgerEntry, history

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def first_version(adopt: Callable[[str], Policy]) -> Policy:
    return adopt(policy_text(1, purposes={"quotes": QUOTES, "offers": OFFERS}))


def asked(person: Any, purpose: str = "quotes") -> gate.Grant | gate.Refused:
    return gate.grant(person=person, purpose=purpose, kinds=["email"], who="program:test", reason="to test")


def newest(person: Any) -> LedgerEntry:
    return history(person)[0]


def test_a_grant_of_a_rolled_back_transaction_is_refused_and_recorded() -> None:
    alice = known_person(ALICE)
    with transaction.atomic():
        undone = gate.grant_within(person=alice, purpose="quotes", kinds=["email"], who="program:test", reason="undone")
        transaction.set_rollback(True)
    assert isinstance(undone, gate.Grant)

    with pytest.raises(gate.GrantRefused, match="no such grant") as refusal:
        gate.read(undone)

    assert (refusal.value.code, newest(alice).kind, json.loads(newest(alice).payload_text)["code"]) == (
        "no grant",
        "refused",
        "no grant",
    )


def test_an_unknown_purpose_is_refused_and_recorded() -> None:
    alice = known_person(ALICE)

    answer = asked(alice, "curiosity")

    assert isinstance(answer, gate.Refused)
    assert answer.decision.code == "unknown purpose"
    assert (newest(alice).kind, json.loads(newest(alice).payload_text)["codes"]) == (
        "refused",
        {"email": "unknown purpose"},
    )


def test_somebody_erased_meanwhile_is_refused_and_recorded(owner: Any) -> None:
    alice = known_person(ALICE)
    grant = asked(alice)
    assert isinstance(grant, gate.Grant)
    owner.execute("select erase(%s, %s, 'staff:test', 'asked')", [alice, gate.new_id()])

    with pytest.raises(gate.GrantRefused):
        gate.read(grant)

    assert newest(alice).kind == "refused"
    again = asked(alice)
    assert isinstance(again, gate.Refused)
    assert again.decision.code == "not held"
    with pytest.raises(gate.Refusal, match="erased"):
        kept({"email": "alice@haldenvalve.example"}, person=alice)
    with pytest.raises(gate.Refusal, match="erased"):
        gate.choose(person=alice, question="offers", version=1, yes=True, way="test")


def test_a_stranger_nobody_knows_is_refused() -> None:
    answer = asked(gate.new_id())

    assert isinstance(answer, gate.Refused)
    assert answer.decision.code == "not held"


def test_data_under_a_version_that_nobody_adopted_are_refused() -> None:
    with pytest.raises(gate.Refusal, match="no adopted policy version 7") as refusal:
        kept(ALICE, version=7)

    assert refusal.value.code == "unknown version"


@pytest.mark.parametrize("question", ["offers", "offers@1", "offers/pumps", "marketing"])
def test_answers_to_a_version_that_nobody_adopted_are_refused(question: str) -> None:
    alice = known_person(ALICE)
    with pytest.raises(gate.Refusal, match="no adopted policy version 7") as refusal:
        gate.choose(person=alice, question=question, version=7, yes=True, way="test")

    assert refusal.value.code == "unknown version"


def test_a_missing_policy_version_opens_nothing_and_start_up_refuses(
    adopt: Callable[[str], Policy], owner: Any
) -> None:
    alice = known_person(ALICE)
    adopt(policy_text(2, purposes={"offers": OFFERS}))
    for table in ("law_question", "law_use", "law_purpose", "law_collect", "law_kept"):
        owner.execute(f"delete from {table} where version_id = 2")
    owner.execute("delete from policy_version where number = 2")

    with pytest.raises(in_force.AdoptedTextChanged, match="Version 2 of the policy was adopted and is missing"):
        in_force.verify_adopted()

    for table in ("law_question", "law_use", "law_purpose", "law_collect", "law_kept"):
        owner.execute(f"delete from {table}")
    owner.execute("delete from policy_version")
    with pytest.raises(in_force.NothingAdopted, match="Run: troth policy adopt"):
        asked(alice)
    assert (newest(alice).kind, json.loads(newest(alice).payload_text)["codes"]) == (
        "refused",
        {"email": "unknown purpose"},
    )
