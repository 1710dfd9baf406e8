"""What stands for a person: many questions, time, rebuilding, and what a policy change does not touch."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from click.testing import CliRunner
from tests.gate.test_door import NEWS, OFFERS, QUOTES
from tests.worlds import ALICE, BOB, CHARLIE, kept, known_person, policy_text

from troth import gate
from troth.cli.gate import rebuild
from troth.gate import owner as owners
from troth.policy import Policy
from troth.records import standing
from troth.records.keeping import expire
from troth.records.ledger import history

pytestmark = pytest.mark.django_db(transaction=True)

MANY = {f"offer-{number:02d}": OFFERS for number in range(70)}


def test_more_than_63_questions_each_have_their_answer(adopt: Callable[[str], Policy]) -> None:
    adopt(policy_text(1, purposes=MANY))
    alice = known_person(ALICE)

    gate.choose(person=alice, question="offer-69", version=1, yes=False, way="test")
    gate.choose(person=alice, question="offer-03", version=1, yes=False, way="test")

    closed = [purpose for purpose in MANY if not gate.decide(alice, purpose, ["email"])["email"].allowed]
    assert closed == ["offer-03", "offer-69"]
    assert not gate.select("offer-69", "email")
    assert list(gate.select("offer-68", "email")) == [alice]
    answer = gate.grant(person=alice, purpose="offer-69", kinds=["email"], who="program:test", reason="test")
    assert isinstance(answer, gate.Refused)
    assert answer.decision.code == "said no"


def test_a_yes_beyond_the_63rd_question_opens_what_a_version_added(adopt: Callable[[str], Policy]) -> None:
    adopt(policy_text(1, purposes=MANY))
    alice = known_person(ALICE)
    adopt(policy_text(2, purposes=MANY | {"offer-69": OFFERS | {"may use": ["name", "industry"]}}))
    assert gate.decide(alice, "offer-69", ["name"])["name"].code == "unanswered"
    assert not gate.select("offer-69", "name")

    gate.choose(person=alice, question="offer-69@2", version=2, yes=True, way="test")

    assert gate.decide(alice, "offer-69", ["name"])["name"].code == "answered"
    assert list(gate.select("offer-69", "name")) == [alice]


@pytest.mark.parametrize("many", [1_500, 5_000])
def test_of_thousands_of_classes_each_selects_its_own_people(
    many: int, adopt: Callable[[str], Policy], owner: Any
) -> None:
    """What is kept of them, as a list or as bits, is what selections add later classes to, whoever made these meanwhile."""
    adopt(policy_text(1, purposes={"offers": OFFERS}))
    alice, bob = known_person(ALICE), known_person(BOB)
    gate.choose(person=bob, question="offers", version=1, yes=False, way="test")

    def chosen_in(order: str) -> None:
        owner.execute(
            "update standing set class_id = (select id from standing_class where yes >= 1024 and no = 0"
            f" order by id {order} limit 1) where person_id = %s",
            [alice],
        )
        assert list(gate.select("offers", "email")) == [alice]
        assert gate.count("offers", "email") == 1

    _add_classes(owner, alice, number=many, shift=10)
    with owner.transaction():
        _add_classes(owner, alice, number=1, shift=9)
        chosen_in("asc")
        assert _kept(owner) == [], "An earlier class may still come."
    chosen_in("desc")
    [(kept_until, bits)] = _kept(owner)
    assert bits == (many > 4_096)

    _add_classes(owner, alice, number=500, shift=30)
    chosen_in("desc")
    assert _kept(owner) == [(kept_until, bits)]
    _add_classes(owner, alice, number=500, shift=40)
    chosen_in("desc")
    chosen_in("asc")
    assert _kept(owner) > [(kept_until, bits)]
    owner.execute(
        "update standing set class_id = (select k.id from standing_class k where k.no > 0 order by 1 limit 1)"
    )
    assert list(gate.select("offers", "email")) == []


def _add_classes(owner: Any, like: UUID, *, number: int, shift: int) -> None:
    owner.execute(
        "insert into standing_class (cohort, yes, no, opted_out) select k.cohort, it::bigint << %s, 0, false"
        " from standing s join standing_class k on k.id = s.class_id, generate_series(1, %s) it where s.person_id = %s",
        [shift, number, like],
    )


def _kept(owner: Any) -> list[tuple[int, bool]]:
    return list(owner.execute("select until, bits is not null from law_reach").fetchall())


def test_a_policy_change_writes_no_row_of_a_person(adopt: Callable[[str], Policy], owner: Any) -> None:
    adopt(policy_text(1, purposes={"offers": OFFERS}))
    known_person(ALICE)
    rows_before = owner.execute("select xmin::text, * from standing").fetchall()

    adopt(policy_text(2, purposes={"offers": OFFERS | {"may use": ["industry", "name"]}, "newsletter": NEWS}))

    assert owner.execute("select xmin::text, * from standing").fetchall() == rows_before


@pytest.mark.parametrize("days_later", [0, 400])
def test_what_someone_gives_later_stands_whether_its_origin_is_new_or_not(
    days_later: int, adopt: Callable[[str], Policy], owner: Any, time_machine: Any
) -> None:
    adopt(policy_text(1, purposes={"quotes": QUOTES}))
    alice = known_person({"email": ALICE["email"], "name": ALICE["name"]})
    time_machine.shift(timedelta(days=days_later))
    for values, channel in [
        ({"name": "Alice A."}, "form.quote"),
        ({"name": "Alice"}, "form.register"),
        ({"name": "Alice B.", "industry": "Pumps"}, "form.quote"),
        ({"industry": "Valves"}, "form.quote"),
        ({"name": "A.", "email": ALICE["email"]}, "form.quote"),
    ]:
        kept(values, channel=channel, person=alice)
        assert list(standing.differences(owner.cursor())) == []


def test_past_the_instant_it_was_settled_for_the_law_looks_at_the_data(
    adopt: Callable[[str], Policy], owner: Any
) -> None:
    adopt(policy_text(1, purposes={"quotes": QUOTES}))
    alice = known_person(ALICE)
    before = gate.standing(alice)
    assert before.decide("quotes", "email").allowed

    owner.execute("update datum set kept_until_utc = now() - interval '1 second'")
    owner.execute("update standing set settled_until = now() - interval '1 second'")

    assert gate.decide(alice, "quotes", ["email"])["email"].code == "expired"
    assert not gate.select("quotes", "email")


def test_data_whose_time_has_come_are_deleted_and_her_history_says_so(
    adopt: Callable[[str], Policy], owner: Any
) -> None:
    adopt(policy_text(1, purposes={"quotes": QUOTES}))
    alice = kept({"name": "Alice"}).person
    kept({"email": ALICE["email"]}, person=alice)
    owner.execute("update datum set kept_until_utc = now() - interval '1 second' where kind = 'email'")
    bob = known_person(BOB)
    owner.execute("update standing set settled_until = now() - interval '1 second' where person_id = %s", [alice])

    assert expire() == 1

    assert owner.execute("select kind from datum where person_id = %s", [alice]).fetchall() == [("name",)]
    expired = history(alice)[0]
    assert (expired.kind, expired.kinds, expired.who) == ("expired", ("email",), "program:retention")
    assert gate.decide(alice, "quotes", ["email"])["email"].code == "not held"
    assert gate.decide(bob, "quotes", ["email"])["email"].allowed
    assert expire() == 0


def test_batches_answer_as_single_questions_do(
    adopt: Callable[[str], Policy], owner: Any, django_assert_max_num_queries: Any
) -> None:
    adopt(policy_text(1, purposes={"offers": OFFERS}))
    alice, bob, stranger = known_person(ALICE), known_person(BOB), gate.new_id()
    gate.choose(person=bob, question="offers", version=1, yes=False, way="test")

    found = gate.decide_many([alice, bob, stranger], "offers", "email")

    assert {person: decision.code for person, decision in found.items()} == {
        alice: "stated",
        bob: "said no",
        stranger: "not held",
    }
    assert found == {person: gate.decide(person, "offers", ["email"])["email"] for person in found}

    owner.execute("update standing set settled_until = now() - interval '1 second'")
    with django_assert_max_num_queries(6):  # of all whose data are looked at, together
        assert gate.decide_many([alice, bob, stranger], "offers", "email") == found


def test_a_wrong_row_is_found_and_made_anew(adopt: Callable[[str], Policy], owner: Any) -> None:
    adopt(policy_text(1, purposes={"offers": OFFERS}))
    alice, bob = known_person(ALICE), known_person(BOB)
    gate.choose(person=alice, question="offers", version=1, yes=False, way="test")
    owner.execute("update standing set class_id = 999 where person_id = %s", [alice])
    owner.execute("delete from standing where person_id = %s", [bob])

    found = CliRunner().invoke(rebuild, ["--compare"])
    assert found.exit_code == 1
    assert str(alice) in found.output
    assert "no row" in found.output

    assert CliRunner().invoke(rebuild).output == "Rebuilt the records of 2 people.\n"
    same = CliRunner().invoke(rebuild, ["--compare"])
    assert same.exit_code == 0, same.output
    assert gate.decide(alice, "offers", ["email"])["email"].code == "said no"


def test_an_answer_after_the_clock_went_backward_still_counts(adopt: Callable[[str], Policy], owner: Any) -> None:
    adopt(policy_text(1, purposes={"offers": OFFERS}))
    alice = known_person(ALICE)
    gate.choose(person=alice, question="offers", version=1, yes=True, way="test")
    owner.execute("update choice set chosen_utc = now() + interval '1 hour'")  # said before the clock was set back

    gate.choose(person=alice, question="offers", version=1, yes=False, way="test")

    assert gate.decide(alice, "offers", ["email"])["email"].code == "said no"


def test_what_the_law_says_of_a_class_is_worked_out_once_a_version(adopt: Callable[[str], Policy], owner: Any) -> None:
    adopt(policy_text(1, purposes={"offers": OFFERS}))
    alice, bob, charlie = (known_person({"email": one["email"]}) for one in (ALICE, BOB, CHARLIE))
    gate.choose(person=charlie, question="offers", version=1, yes=False, way="test")

    def codes() -> list[str]:
        return [granted(person, "offers") for person in (alice, bob, charlie)]

    assert codes() == ["granted", "granted", "said no"]
    answers = owner.execute("select purpose, version, opened <> '{}' from law_answer order by 3").fetchall()
    assert answers == [("offers", 1, False), ("offers", 1, True)], "Alice and Bob are of one class."
    assert codes() == ["granted", "granted", "said no"]

    adopt(policy_text(2, purposes={"quotes": QUOTES}))
    assert codes() == ["unknown purpose"] * 3
    owner.execute("insert into law_reach values (1, 'offers', 'email', 'opt out', 1, '{}', null)")
    owners.apply_functions()
    assert owner.execute("select count(*) from law_answer").fetchone() == (0,), "A new program asks its own law."
    assert _kept(owner) == []


def test_nobody_waits_for_another_who_works_out_the_same(adopt: Callable[[str], Policy], owner: Any) -> None:
    """A batch of emails is claimed in one transaction, which may last."""
    adopt(policy_text(1, purposes={"offers": OFFERS}))
    alice, bob = (known_person({"email": one["email"]}) for one in (ALICE, BOB))
    with owner.transaction():
        owner.execute(
            "select grant_use(%s, %s, sha256('t'), 'offers', '{email}', 'program:test', '', null, '1 minute')",
            [bob, gate.new_id()],
        )
        assert granted(alice, "offers") == "granted"
        assert owner.execute("select count(*) from law_answer").fetchone() == (1,)
    assert granted(alice, "offers") == "granted"


def granted(person: UUID, purpose: str) -> str:
    """The code of a refusal, or "granted" where the value was read, too."""
    answer = gate.grant(person=person, purpose=purpose, kinds=["email"], who="program:test", reason="test")
    if isinstance(answer, gate.Refused):
        return answer.decision.code
    return "granted" if gate.read(answer).values else "granted in vain"
