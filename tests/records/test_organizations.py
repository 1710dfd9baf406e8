"""Organizations found by domain; membership is a recorded act; erasing a person ends it and leaves only leaves."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest
from django.db import connections
from tests.worlds import ALICE, BOB, known_person, policy_text

from troth import gate
from troth.records.law import versions
from troth.records.ledger import history
from troth.records.organizations import enroll

pytestmark = pytest.mark.django_db(transaction=True)

NOW = datetime(2026, 11, 1, 9, tzinfo=UTC)


@pytest.fixture(autouse=True)
def first_version(owner: Any) -> None:
    versions.adopt(policy_text(1, purposes={}), by="test", using=connections["owner"])


def halden(person: UUID, domain: str = "haldenvalve.example") -> UUID:
    return enroll(person=person, name="Halden Valve Works", domain=domain, at_utc=NOW)


def test_two_people_of_one_domain_are_members_of_one_organization(owner: Any) -> None:
    alice, bob = known_person(ALICE), known_person(BOB)

    assert halden(alice) == halden(bob, "HaldenValve.example") == halden(alice)

    assert owner.execute("select count(*) from membership").fetchone() == (2,)
    assert [entry.kind for entry in history(alice)].count("joined") == 1


def test_nobody_unknown_is_enrolled() -> None:
    with pytest.raises(gate.Refusal, match="does not exist or was erased"):
        halden(gate.new_id())


def test_erasing_leaves_leaves_and_no_value(owner: Any) -> None:
    alice = known_person(ALICE)
    halden(alice)
    leaves = {entry.leaf for entry in history(alice)}

    owner.execute("select erase(%s, %s, 'staff:rafael', 'asked to')", [alice, gate.new_id()])

    entries = history(alice)
    assert leaves < {entry.leaf for entry in entries}
    assert entries[0].kind == "erased"
    assert all(not entry.salt for entry in entries[1:])
    for table in ("person_key", "datum", "membership"):
        assert owner.execute(f"select count(*) from {table} where person_id = %s", [alice]).fetchone() == (0,)
    refused = gate.grant(person=alice, purpose="service", kinds=["email"], who="program:test", reason="to test")
    assert isinstance(refused, gate.Refused)
    assert refused.decision.code == "not held"
