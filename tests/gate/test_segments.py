"""The segment language: any and all groups, product versions, the same as JSON; only permitted data choose anybody."""

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from tests.gate.test_door import OFFERS, QUOTES
from tests.worlds import known_person, policy_text

from troth import gate
from troth.policy import Policy

database = pytest.mark.django_db(transaction=True)


@pytest.fixture
def first_version(adopt: Callable[[str], Policy]) -> Policy:
    return adopt(policy_text(1, purposes={"quotes": QUOTES, "offers": OFFERS | {"collected by": ["form.register"]}}))


def having(industry: str, **more: Any) -> Any:
    return known_person({"email": "a@b.example", "industry": industry}, **more)


@database
def test_versions_are_compared_as_numbers(first_version: Policy) -> None:
    old, new, other = having("process@9.4"), having("process@10.2.1"), having("classic@10.2.1")
    having("no version at all")

    def chosen(**limits: str) -> set[Any]:
        return set(gate.select("quotes", "email", gate.is_installed("industry", "process", **limits)))

    assert chosen() == {old, new}
    assert chosen(below="10") == {old}
    assert chosen(at_least="10.2") == {new}
    assert chosen(at_least="9.4", below="10.2.1") == {old}
    assert other not in chosen(at_least="1")


@database
def test_a_datum_that_the_purpose_may_not_use_chooses_nobody(first_version: Policy) -> None:
    """Her industry came by a form that offers are not stated for; her address by one that they are."""
    alice = having("food")
    known_person({"email": "c@b.example"}, channel="form.register")

    assert list(gate.select("quotes", "email", gate.has("industry", "food"))) == [alice]
    assert not gate.select("offers", "email", gate.has("industry", "food"))


@database
@pytest.mark.parametrize("value", ["'; drop table datum; --", "%s {} $1", "é{}\"'\\", "x" * 5000])
def test_any_text_may_be_a_value(first_version: Policy, value: str) -> None:
    odd = having(value)
    having("food")

    assert list(gate.select("quotes", "email", gate.has("industry", value))) == [odd]


@database
def test_groups_nest_and_empty_groups_mean_what_they_say(first_version: Policy) -> None:
    food, valves = having("food"), having("valves")
    nested = gate.all_of(gate.any_of(gate.has("industry", "food"), gate.has("industry", "valves")), gate.all_of())

    assert set(gate.select("quotes", "email", nested)) == {food, valves}
    assert not gate.select("quotes", "email", gate.any_of())


@database
def test_who_is_excluded_and_of_whom_nothing_is_known_is_not(first_version: Policy) -> None:
    food, valves = having("food"), having("valves")
    silent = known_person({"email": "d@b.example"})
    everyone_else = gate.exclude(gate.has("industry", "food"))

    assert set(gate.select("quotes", "email", everyone_else)) == {valves, silent}
    assert gate.count("quotes", "email", everyone_else) == 2
    assert set(gate.select("quotes", "email", gate.exclude(everyone_else))) == {food}
    neither = gate.all_of(everyone_else, gate.exclude(gate.has("industry", "valves")))
    assert set(gate.select("quotes", "email", neither)) == {silent}
    with pytest.raises(gate.SegmentRefused):
        gate.select("quotes", "email", gate.exclude(gate.has("note", "x")))


def test_a_segment_is_read_from_json_as_it_is_written() -> None:
    from troth.gate.segment import as_json

    segment = gate.all_of(
        gate.has("industry", "food", "coatings"),
        gate.any_of(
            gate.has("role", "planner"), gate.is_installed("installation", "process", at_least="10", below="11")
        ),
        gate.exclude(gate.any_of(gate.has("industry", "classic"))),
    )

    assert gate.from_json(as_json(segment)) == segment


@pytest.mark.parametrize(
    "given",
    [
        {},
        [],
        "industry",
        None,
        {"all": {}},
        {"any": [3]},
        {"kind": "industry"},
        {"kind": "industry", "is": "food"},
        {"kind": "industry", "is": [1]},
        {"all": [], "any": []},
        {"not": []},
        {"not": {"kind": "industry"}},
        {"not": {"all": []}, "all": []},
        {"kind": "i", "product": "p", "below": "ten"},
        {"kind": "i", "product": "p", "above": "1"},
        {"kind": "i", "product": "p", "below": "1.2.3.4.5.6.7"},
    ],
)
def test_what_is_no_segment_is_refused_with_what_to_write(given: object) -> None:
    with pytest.raises(gate.SegmentRefused, match=r"Write"):
        gate.from_json(given)


@database
def test_a_version_that_is_none_is_refused_before_anything_is_asked(first_version: Policy) -> None:
    with pytest.raises(gate.SegmentRefused, match="is no version"):
        gate.select("quotes", "email", gate.is_installed("industry", "process", below="latest"))


def test_the_page_about_the_gate_writes_the_same_segment_twice() -> None:
    page = (Path(__file__).parents[2] / "docs/gate.md").read_text()
    (written,) = re.findall(r"```json\n(.+?)```", page, re.DOTALL)

    assert gate.from_json(json.loads(written)) == gate.all_of(
        gate.has("industry", "food", "coatings"),
        gate.any_of(gate.has("role", "planner"), gate.is_installed("installation", "optipro-process", below="10.2")),
    )
