"""A copy of everything: what it holds, what it leaves out, and that no value breaks it."""

import json
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest
from tests.access.hers import QUOTE
from tests.worlds import known_person

from troth import gate, in_force
from troth.access.copy import copy_of
from troth.access.copy.writing import as_json, as_pdf
from troth.records import ledger
from troth.records.keeping import Provenance, keep
from troth.records.profile import list_data

pytestmark = pytest.mark.usefixtures("site")

BOB_ONLY = "Canary-of-Bob-51c2"


def copied(*people: UUID):
    return copy_of(people, cause=None, at_utc=datetime.now(UTC))


def read(*people: UUID) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(as_json(copied(*people)))
    return found


def given_away(person: UUID) -> None:
    granted = gate.grant(person=person, purpose="quotes", kinds=["name", "email"], who="program:test", reason="a quote")
    assert isinstance(granted, gate.Grant), granted
    recipient = in_force.policy().purposes["quotes"].recipients[0]
    gate.disclose(
        gate.read(granted),
        recipient_class=recipient,
        recipient="p1",
        recipient_name="Valley Partners",
        kinds=["name", "email"],
        who="program:test",
        reason="the region",
    )


def test_each_value_has_its_source_its_day_its_uses_and_its_end():
    alice = known_person(QUOTE)
    given_away(alice)
    (person,) = read(alice)["people"]
    data = {str(datum.kind): datum for datum in list_data(alice)}
    assert {value["kind"]: value["value"] for value in person["data"]} == QUOTE
    for value in person["data"]:
        datum = data[value["kind"]]
        assert (value["channel"], value["way"]) == ("form.quote", "typed by the person")
        assert value["collected"] == datum.collected_utc.isoformat()
        assert value["kept until"] == (datum.kept_until_utc.isoformat() if datum.kept_until_utc else None)
    name = next(value for value in person["data"] if value["kind"] == "name")
    purposes = in_force.policy().purposes
    assert name["used for"] == {purposes["quotes"].title: 2, purposes["access"].title: 1}
    kinds = [entry["kind"] for entry in person["history"]]
    assert {"collected", "used", "disclosed"} <= set(kinds)


def test_disclosures_are_a_section_of_their_own_with_whom_when_why_and_which_kinds():
    alice = known_person(QUOTE)
    given_away(alice)
    (person,) = read(alice)["people"]
    (given,) = person["disclosures"]
    entry = next(entry for entry in ledger.history(alice) if entry.kind == "disclosed")
    assert given["entry"] == str(entry.id)
    assert (given["recipient"], set(given["kinds"])) == ("Valley Partners", {"name", "email"})
    assert (given["at"], given["purpose"]) == (entry.at_utc.isoformat(), "quotes")
    assert given["why"]


def test_who_was_given_to_nobody_is_told_so():
    assert read(known_person(QUOTE))["people"][0]["disclosures"] == []


def test_nobody_elses_values_are_in_it_and_the_reading_is_in_her_history_alone():
    alice = known_person(QUOTE)
    bob = known_person({"name": "Bob", "email": "bob@b.example", "company": BOB_ONLY})
    before = len(ledger.history(bob))
    made = copied(alice)
    assert BOB_ONLY not in as_json(made).decode()
    assert str(bob) not in as_json(made).decode()
    assert ledger.history(alice)[0].purpose == "access"
    assert len(ledger.history(bob)) == before


def test_two_hundred_values_are_all_there_each_once():
    person = None
    for number in range(100):
        values = {"email": f"a{number}@a.example", "note": f"Line {number}."}
        person = keep(
            values=values, provenance=Provenance("form.quote", 1, datetime.now(UTC), "typed"), person=person
        ).person
    made = copied(person)
    (told,) = json.loads(as_json(made))["people"]
    values = [value["value"] for value in told["data"]]
    assert len(values) == len(set(values)) == 200
    assert {"a0@a.example", "Line 99."} <= set(values)
    assert as_pdf(made).startswith(b"%PDF")


@pytest.mark.parametrize(
    "note",
    [
        '"}], "people": [',
        "<script>alert(1)</script>",
        "‮txt.exe",
        "x" * 5_000,
        "a\nb\n\tc",
        "{{ 7 * 7 }} %(who)s",
        "🙂" * 50,
    ],
    ids=["json", "markup", "turned", "long", "lines", "templates", "letters"],
)
def test_absurd_values_come_back_as_they_were(note):
    alice = known_person(QUOTE | {"note": note})
    (person,) = read(alice)["people"]
    assert note in [value["value"] for value in person["data"]]
    assert as_pdf(copied(alice)).startswith(b"%PDF")


def test_of_nobody_there_is_an_empty_copy():
    made = copied()
    assert made.empty
    assert json.loads(as_json(made))["people"] == []
    assert as_pdf(made).startswith(b"%PDF")
