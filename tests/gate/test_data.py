"""Values by their datum: opened by a committed grant only; what is taken away leaves the standing true."""

from dataclasses import replace
from uuid import UUID

import pytest
from django.db import transaction
from tests.access.hers import QUOTE
from tests.site import site
from tests.worlds import BOB, kept

from troth import gate
from troth.gate import owner
from troth.records import profile
from troth.records.calls import Refusal, rows
from troth.records.ledger import history

__all__ = ["site"]


@pytest.fixture
def alice(site) -> UUID:
    return kept(QUOTE).person


def granted(person: UUID, *kinds: str) -> gate.Grant:
    found = gate.grant(person=person, purpose="access", kinds=kinds, who="person", reason="to show it")
    assert isinstance(found, gate.Grant)
    return found


def datum(person: UUID, kind: str) -> UUID:
    return next(datum.id for datum in profile.list_data(person) if datum.kind == kind)


def test_a_grant_opens_the_data_of_its_person_and_kinds_only(alice):
    found = gate.read_data(granted(alice, "phone", "name"))
    assert found == {datum(alice, "phone"): QUOTE["phone"], datum(alice, "name"): QUOTE["name"]}


def test_a_grant_of_another_person_or_of_nobody_opens_nothing(alice):
    bob = kept({**QUOTE, "email": BOB["email"]}).person
    for wrong in (replace(granted(bob, "phone"), person=alice), replace(granted(alice, "phone"), id=gate.new_id())):
        with pytest.raises(gate.GrantRefused):
            gate.read_data(wrong)


def test_a_grant_of_the_same_transaction_opens_nothing(alice):
    with transaction.atomic():
        found = gate.grant_within(person=alice, purpose="access", kinds=["phone"], who="person", reason="to show it")
        with pytest.raises(gate.GrantRefused):
            gate.read_data(found)


def test_the_id_of_a_grant_without_its_token_opens_nothing(alice):
    grant = granted(alice, "phone")
    with pytest.raises(Refusal, match="no such grant"):
        rows("select * from read_pieces(%s, %s, %s)", [alice, grant.id, b"guessed"])


def test_the_data_of_somebody_else_is_not_taken_away(alice):
    bob = kept({**QUOTE, "email": BOB["email"]}).person
    with pytest.raises(Refusal, match="no longer held"):
        profile.remove_datum(alice, datum(bob, "phone"), because="removed", way="test")
    assert datum(bob, "phone")
    assert "removed" not in [entry.kind for entry in history(alice)]


def test_what_is_taken_away_twice_is_taken_away_once_and_the_standing_stays_true(alice):
    phone = datum(alice, "phone")
    profile.remove_datum(alice, phone, because="removed", way="test")
    with pytest.raises(Refusal, match="no longer held"):
        profile.remove_datum(alice, phone, because="removed", way="test")
    assert [entry.kind for entry in history(alice)].count("removed") == 1
    assert owner.differences() == []
    assert gate.decide(alice, "quotes", ["phone"])["phone"].code == "not held"


def test_entries_of_other_kinds_cannot_be_written_by_it(alice):
    with pytest.raises(Refusal, match="removed or corrected"):
        rows("select let_go_of(%s, %s, %s, %s, %s, %s)", [alice, datum(alice, "phone"), gate.new_id(), "used", "", ""])
    assert datum(alice, "phone")


def test_the_signal_is_written_once_and_for_nobody_unknown(alice, django_assert_num_queries):
    bob = kept({**QUOTE, "email": BOB["email"]}).person
    assert profile.note_signals([alice], section="C14", way="test")
    with django_assert_num_queries(1):
        assert profile.note_signals([alice, bob, gate.new_id()], section="C14", way="test"), "It is new of one of them."
    assert not profile.note_signals([alice, bob], section="C14", way="test")
    assert [[entry.kind for entry in history(one)].count("signal") for one in (alice, bob)] == [1, 1]
