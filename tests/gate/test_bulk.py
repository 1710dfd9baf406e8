"""One use of many people: one entry, a bitmap, and the law asked again for each when values are read."""

import json
from array import array
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st
from tests.gate.test_door import NEWS, OFFERS, QUOTES
from tests.worlds import ALICE, BOB, CHARLIE, known_person, policy_text

from troth import gate
from troth.gate.bulk import CHUNK, _find_ranges, chunks
from troth.policy import Policy
from troth.records.calls import Refusal
from troth.records.ledger import Used, history

NOBODY = UUID(int=0)
database = pytest.mark.django_db(transaction=True)


@pytest.fixture
def first_version(adopt: Callable[[str], Policy]) -> Policy:
    return adopt(policy_text(1, purposes={"quotes": QUOTES, "offers": OFFERS, "newsletter": NEWS}))


def granted(selection: gate.Selection, **more: Any) -> gate.BulkGrant:
    answer = gate.grant_selection(
        selection, kinds=["email", "industry"], who="program:mailing", reason="October", **more
    )
    assert isinstance(answer, gate.BulkGrant)
    return answer


@database
def test_a_bulk_use_is_one_entry_and_gives_each_persons_values(first_version: Policy) -> None:
    alice, bob = known_person(ALICE), known_person(BOB)

    found = list(gate.read_selection(granted(gate.select("offers", "email")), size=1))

    assert {given.grant.person: given.values for given in found} == {
        alice: {"email": ALICE["email"], "industry": ALICE["industry"]},
        bob: {"email": BOB["email"], "industry": BOB["industry"]},
    }
    used = [entry for entry in history(NOBODY) if entry.kind == "used"]
    assert [(entry.purpose, entry.read(Used).people) for entry in used] == [("offers", 2)]
    assert all(entry.stands() for entry in history(NOBODY))


@database
def test_several_grants_are_read_at_once_each_for_its_own_people(first_version: Policy) -> None:
    alice, bob = known_person(ALICE), known_person(BOB)
    one = granted(gate.select("offers", "email", gate.has("industry", ALICE["industry"])))
    both = gate.grant_selection(
        gate.select("offers", "email"), kinds=["email"], who="program:mailing", reason="October"
    )
    assert isinstance(both, gate.BulkGrant)

    with CaptureQueriesContext(connection) as asked:
        found = {(given.grant.id, given.grant.person): given.values for given in gate.read_selection(one, both)}

    assert found == {
        (one.id, alice): {"email": ALICE["email"], "industry": ALICE["industry"]},
        (both.id, alice): {"email": ALICE["email"]},
        (both.id, bob): {"email": BOB["email"]},
    }
    assert len(asked) == 1


@database
def test_of_several_grants_none_is_read_if_one_has_expired(first_version: Policy) -> None:
    known_person(ALICE)
    chosen = gate.select("offers", "email")

    with pytest.raises(gate.GrantRefused):
        list(gate.read_selection(granted(chosen), granted(chosen, lasting=timedelta(0))))


@database
def test_who_opts_out_after_the_grant_is_not_read(first_version: Policy) -> None:
    alice, bob = known_person(ALICE), known_person(BOB)
    bulk = granted(gate.select("offers", "email"))

    gate.choose(person=alice, question="marketing", version=1, yes=False, way="preference page")

    assert [given.grant.person for given in gate.read_selection(bulk)] == [bob]


@database
def test_who_was_not_selected_is_not_read(first_version: Policy) -> None:
    known_person(ALICE)
    bob = known_person(BOB)

    bulk = granted(gate.select("offers", "email", gate.has("industry", "food")))
    known_person(CHARLIE)

    assert [given.grant.person for given in gate.read_selection(bulk)] == [bob]


@database
@pytest.mark.parametrize(
    ("purpose", "kinds", "code"),
    [("unheard of", ["email"], "unknown purpose"), ("offers", ["email", "phone"], "kind not stated")],
)
def test_what_the_policy_does_not_state_is_refused_and_recorded(
    first_version: Policy, purpose: str, kinds: list[str], code: str
) -> None:
    known_person(ALICE)
    chosen = gate.select("offers", "email")
    asked = gate.Selection(purpose, "email", None, chosen.at_utc, chosen.ordinals, chosen.packed)

    answer = gate.grant_selection(asked, kinds=kinds, who="program:mailing", reason="October")

    assert isinstance(answer, gate.BulkRefused)
    assert answer.decision.code == code
    assert history(NOBODY)[0].kind == "refused"
    assert json.loads(history(NOBODY)[0].payload_text)["code"] == code


@database
def test_a_use_names_those_whom_its_selection_gave_and_no_other_selection(first_version: Policy) -> None:
    alice = known_person(ALICE)
    chosen, other = gate.select("offers", "email"), gate.select("quotes", "email")
    known_person(BOB)

    assert [given.grant.person for given in gate.read_selection(granted(chosen))] == [alice]
    for wrong in (replace(chosen, entry=other.entry), replace(chosen, ordinals=array("i", [1, 2]))):
        with pytest.raises(Refusal, match="No selection of this purpose gave these people"):
            granted(wrong)


@database
def test_an_expired_bulk_grant_opens_nothing(first_version: Policy) -> None:
    known_person(ALICE)
    bulk = granted(gate.select("offers", "email"), lasting=timedelta(0))

    with pytest.raises(gate.GrantRefused) as refusal:
        list(gate.read_selection(bulk))

    assert refusal.value.code == "grant expired"


@database
def test_nobody_selected_is_nobody_read(first_version: Policy) -> None:
    assert list(gate.read_selection(granted(gate.select("offers", "email")))) == []


@given(st.sets(st.integers(0, 200_000), max_size=50))
def test_bitmaps_name_exactly_the_ordinals(ordinals: set[int]) -> None:
    named = {
        number * 65_536 + place
        for number, bitmap in chunks(sorted(ordinals))
        for place in range(len(bitmap) * 8)
        if bitmap[place // 8] & 1 << place % 8
    }

    assert named == ordinals
    assert all(0 < len(bitmap) <= 8192 for _, bitmap in chunks(sorted(ordinals)))


def test_a_selection_names_exactly_those_whom_it_gave(owner: Any, adopt: Callable[[str], Policy]) -> None:
    """Bits are made 64 at a time: at the edges of a byte, a word and a chunk each stands where it is looked for."""
    adopt(policy_text(1, purposes={}))
    chosen = [0, 3, 7, 8, 63, 64, 100, 65_535, 65_536, 131_071, 200_000]
    owner.execute("select selection_write(gen_random_uuid(), 'p', 'email', null, %s, 'program:x', '', '')", [chosen])

    named = owner.execute(
        "select array_agg(65536 * c.number + i order by 65536 * c.number + i) from entry_chunk c,"
        " generate_series(0, length(c.bitmap) * 8 - 1) i where get_bit(c.bitmap, i) = 1"
    ).fetchone()

    assert named == (chosen,)
    assert owner.execute("select max(length(bitmap)) <= 8192 from entry_chunk").fetchone() == (True,)


@pytest.mark.parametrize(
    ("ordinals", "ranges"),
    [
        ((), ()),
        ((7,), (range(7, 8),)),
        ((9, 7, 1_009), (range(7, 1_010),)),
        ((7, 9, 1_010, 2_000_000), (range(7, 10), range(1_010, 1_011), range(2_000_000, 2_000_001))),
    ],
)
def test_people_who_are_far_apart_are_read_without_what_is_between_them(
    ordinals: tuple[int, ...], ranges: tuple[range, ...]
) -> None:
    assert _find_ranges(ordinals) == ranges
    many = range(10, 140_000, 2)
    assert _find_ranges(many) == (range(3 * CHUNK),)
