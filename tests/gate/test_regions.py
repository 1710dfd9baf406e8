"""The region of a person, as the database computes it and keeps it in the cohort."""

from collections.abc import Callable
from typing import Any

import pytest
from tests.worlds import kept, known_person, policy_text

from troth import gate
from troth.gate import owner as owners
from troth.policy import Policy
from troth.policy.regions import EEA, REGIONS

pytestmark = pytest.mark.django_db(transaction=True)
CALLS = {
    "needs": ["email"],
    "may use": ["country"],
    "collected by": ["form.quote"],
    "choice": {"EEA": "sign up", "else": "opt out"},
    "marketing": "never",
    "recipients": ["distributor"],
}


def test_the_database_knows_the_same_regions_as_the_policy(owner: Any) -> None:
    countries = [*sorted(EEA), "GB", "CH", "CA", "JP", "US"]
    found = {
        country: owner.execute("select region_of(array[%s], null)", [country]).fetchone()[0] for country in countries
    }
    assert {country for country, region in found.items() if region == "EEA"} == EEA
    assert set(found.values()) == {"EEA", "UK", "CH", "CA", "else", "US"} <= set(REGIONS)
    assert owner.execute("select region_of(array['US'], array['CA'])").fetchone()[0] == "US-CA"
    for unknown in (None, [], ["DE", "US"], ["Germany"]):
        assert owner.execute("select region_of(%s::text[], null)", [unknown]).fetchone()[0] == ""


def test_who_moves_gets_the_choice_of_the_new_country(adopt: Callable[[str], Policy]) -> None:
    adopt(policy_text(1, purposes={"calls": CALLS}))
    ada = known_person({"email": "ada@b.example", "country": "DE"})
    kim = known_person({"email": "kim@b.example", "country": "JP"})
    zoe = known_person({"email": "zoe@b.example"})
    assert [gate.decide(each, "calls", ["email"])["email"].code for each in (ada, kim, zoe)] == [
        "not signed up",
        "stated",
        "not signed up",
    ]
    assert set(gate.select("calls", "email")) == {kim}
    kept({"country": "DE"}, person=kim)
    assert gate.find_region(kim) == ""
    assert set(gate.select("calls", "email")) == set()


def test_people_from_before_regions_get_theirs_when_the_site_is_prepared(
    adopt: Callable[[str], Policy], owner: Any
) -> None:
    adopt(policy_text(1, purposes={"calls": CALLS}))
    kim = known_person({"email": "kim@b.example", "country": "JP"})
    before = "update cohort set region = '', fingerprint = cohort_mark('', origins) where region <> ''"
    owner.execute(f"delete from progress where step = 'regions of people'; {before}")
    assert set(gate.select("calls", "email")) == set()
    owners.fill_regions()
    assert set(gate.select("calls", "email")) == {kim}
    assert owners.differences() == []
