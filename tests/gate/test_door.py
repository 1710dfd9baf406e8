"""The door against a real database: what is granted, what is given, what is refused, and what the ledger says."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import connection, transaction
from django.db.utils import ProgrammingError
from tests.worlds import ALICE, BOB, CHARLIE, kept, known_person, policy_text

from troth import gate
from troth.policy import Policy
from troth.records.keeping import Provenance, keep
from troth.records.ledger import history

pytestmark = pytest.mark.django_db(transaction=True)

FORMS = ["form.quote", "form.register"]
QUOTES = {
    "needs": ["email"],
    "may use": ["name", "industry"],
    "collected by": FORMS,
    "choice": "none",
    "marketing": "never",
    "recipients": ["distributor"],
}
OFFERS = {"needs": ["email"], "may use": ["industry"], "collected by": FORMS, "choice": "opt out", "marketing": "may"}
NEWS = OFFERS | {"choice": "sign up"}


@pytest.fixture(autouse=True)
def first_version(adopt: Callable[[str], Policy]) -> Policy:
    return adopt(policy_text(1, purposes={"quotes": QUOTES, "offers": OFFERS, "newsletter": NEWS}))


def answered(
    person: UUID, *, purpose: str = "quotes", kinds: tuple[str, ...] = ("email", "name"), **more: Any
) -> gate.Grant | gate.Refused:
    return gate.grant(person=person, purpose=purpose, kinds=kinds, who="program:test", reason="to test", **more)


def asked(person: UUID, **more: Any) -> gate.Grant:
    answer = answered(person, **more)
    assert isinstance(answer, gate.Grant)
    return answer


def test_a_grant_opens_what_it_names_and_stands_in_the_persons_history() -> None:
    alice = known_person(ALICE)

    given = gate.read(asked(alice))

    assert given.values == {"email": ALICE["email"], "name": ALICE["name"]}
    used, collected = history(alice)
    assert (used.kind, used.purpose, used.section, set(used.kinds)) == ("used", "quotes", "P-quotes", {"email", "name"})
    assert (collected.kind, set(collected.kinds)) == ("collected", set(ALICE))


def test_a_kind_the_policy_does_not_state_for_the_purpose_comes_back_absent_with_its_reason() -> None:
    alice = known_person(ALICE)

    grant = asked(alice, kinds=("email", "phone"))

    assert gate.read(grant).values == {"email": ALICE["email"]}
    assert grant.refused["phone"].code == "kind not stated"


def test_one_look_grants_commits_and_reads() -> None:
    alice = known_person(ALICE)

    given = looked(alice)

    assert isinstance(given, gate.Given)
    assert given.values == {"email": ALICE["email"], "name": ALICE["name"]}
    assert given.grant.refused["phone"].code == "kind not stated"
    assert gate.read(given.grant) == given
    assert [entry.kind for entry in history(alice)] == ["used", "collected"]


def test_a_look_that_nothing_allows_is_one_recorded_refusal_and_none_inside_a_transaction() -> None:
    alice = known_person(ALICE)

    refused = looked(alice, purpose="newsletter")

    assert isinstance(refused, gate.Refused)
    assert refused.decisions["email"].code == "not signed up"
    with transaction.atomic(), pytest.raises(gate.InsideTransaction):
        looked(alice)
    assert [entry.kind for entry in history(alice)] == ["refused", "collected"]


def looked(person: UUID, *, purpose: str = "quotes") -> gate.Given | gate.Refused:
    return gate.look(
        person=person,
        purpose=purpose,
        kinds=("email", "name", "phone"),
        who="program:test",
        reason="to test",
    )


def test_nothing_allowed_is_refused_in_words_and_the_refusal_is_recorded() -> None:
    alice = known_person(ALICE)

    refused = answered(alice, purpose="newsletter", kinds=("email",))

    assert isinstance(refused, gate.Refused)
    assert (refused.decision.allowed, refused.decision.code) == (False, "not signed up")
    assert refused.decision.sentence
    assert history(alice)[0].kind == "refused"


def test_a_grant_opens_nothing_in_its_own_transaction() -> None:
    alice = known_person(ALICE)

    with transaction.atomic():
        grant = gate.grant_within(person=alice, purpose="quotes", kinds=["email"], who="program:test", reason="early")
        assert isinstance(grant, gate.Grant)
        with pytest.raises(gate.GrantRefused) as refusal, transaction.atomic():
            gate.read(grant)

    assert refusal.value.code == "same transaction"


def test_a_grant_that_was_rolled_back_opens_nothing() -> None:
    alice = known_person(ALICE)

    with transaction.atomic():
        grant = gate.grant_within(person=alice, purpose="quotes", kinds=["email"], who="program:test", reason="undone")
        assert isinstance(grant, gate.Grant)
        transaction.set_rollback(True)

    with pytest.raises(gate.GrantRefused) as refusal:
        gate.read(grant)
    assert refusal.value.code == "no grant"


def test_asking_for_a_grant_inside_a_transaction_is_refused() -> None:
    alice = known_person(ALICE)

    with transaction.atomic(), pytest.raises(gate.InsideTransaction):
        asked(alice)


def test_an_expired_grant_opens_nothing() -> None:
    alice = known_person(ALICE)
    grant = asked(alice, lasting=timedelta(0))

    with pytest.raises(gate.GrantRefused) as refusal:
        gate.read(grant)

    assert refusal.value.code == "grant expired"


def test_one_persons_grant_opens_nothing_of_another() -> None:
    alice, charlie = known_person(ALICE), known_person(CHARLIE)
    grant = asked(alice)

    with pytest.raises(gate.GrantRefused) as refusal:
        gate.read(gate.Grant(grant.id, charlie, "quotes", ("email",), None, {}))

    assert refusal.value.code == "no grant"


def test_a_refusal_is_no_grant() -> None:
    alice = known_person(ALICE)
    answered(alice, purpose="newsletter", kinds=("email",))
    (refused, _) = history(alice)

    with pytest.raises(gate.GrantRefused):
        gate.read(gate.Grant(refused.id, alice, "newsletter", ("email",), None, {}))


def test_a_disclosure_goes_to_a_recipient_the_policy_names_and_is_recorded() -> None:
    alice = known_person(ALICE)
    given = gate.read(asked(alice))

    gate.disclose(
        given,
        recipient_class="distributor",
        recipient="calder",
        recipient_name="Calder Systems",
        kinds=["email"],
        who="program:test",
        reason="territory",
    )

    entry = history(alice)[0]
    assert (entry.kind, entry.recipient, entry.recipient_name) == ("disclosed", "distributor:calder", "Calder Systems")
    assert entry.kinds == ("email",)


def test_a_recipient_the_policy_does_not_name_gets_nothing() -> None:
    alice = known_person(ALICE)
    given = gate.read(asked(alice))

    with pytest.raises(gate.GrantRefused) as refusal:
        gate.disclose(
            given,
            recipient_class="authority",
            recipient="x",
            recipient_name="X",
            kinds=["email"],
            who="program:test",
            reason="none",
        )

    assert refusal.value.code == "recipient not stated"
    assert "disclosed" not in {entry.kind for entry in history(alice)}


def test_a_recipient_that_serves_some_products_gets_nothing_about_others(adopt: Callable[[str], Policy]) -> None:
    text = policy_text(2, purposes={"quotes": QUOTES, "offers": OFFERS, "newsletter": NEWS})
    adopt(text.replace("title: Distributors\n", "title: Distributors\nproducts: {optipro-process: Process}\n"))
    alice = known_person(ALICE)
    given = gate.read(asked(alice))

    def disclose(**about: str) -> None:
        gate.disclose(
            given,
            recipient_class="distributor",
            recipient="calder",
            recipient_name="Calder Systems",
            kinds=["email"],
            who="program:test",
            reason="territory",
            **about,
        )

    for about in ({}, {"product": "optipro-discrete"}):
        with pytest.raises(gate.GrantRefused) as refusal:
            disclose(**about)
        assert refusal.value.code == "product not served"
    assert "disclosed" not in {entry.kind for entry in history(alice)}
    disclose(product="optipro-process")
    assert history(alice)[0].kind == "disclosed"


def test_values_given_for_a_request_are_preferred_to_later_ones() -> None:
    alice = kept(ALICE).person
    cause = gate.new_id()
    from_request = {"name": "Alice M."}
    _keep_for(alice, from_request, cause)
    kept({"name": "Alice Later"}, person=alice)

    assert gate.read(asked(alice, cause=cause)).values["name"] == "Alice M."
    assert gate.read(asked(alice)).values["name"] == "Alice Later"


def test_opting_out_closes_marketing_and_leaves_the_exempt_purpose_open() -> None:
    alice = known_person(ALICE)
    assert "email" in asked(alice, purpose="offers").kinds

    gate.choose(person=alice, question="marketing", version=1, yes=False, way="preference page")

    refused = answered(alice, purpose="offers")
    assert isinstance(refused, gate.Refused)
    assert refused.decisions["email"].code == "opted out"
    assert isinstance(asked(alice), gate.Grant)


def test_a_yes_under_version_1_opens_nothing_that_version_2_added(adopt: Callable[[str], Policy]) -> None:
    alice = known_person(ALICE)
    gate.choose(person=alice, question="newsletter", version=1, yes=True, way="form.register")
    adopt(
        policy_text(
            2, purposes={"quotes": QUOTES, "offers": OFFERS, "newsletter": NEWS | {"may use": ["industry", "name"]}}
        )
    )

    decisions = gate.decide(alice, "newsletter", ["email", "name"])
    assert (decisions["email"].code, decisions["name"].code) == ("stated", "unanswered")

    gate.choose(person=alice, question="newsletter@2", version=2, yes=True, way="question of version 2")
    assert gate.decide(alice, "newsletter", ["name"])["name"].code == "answered"


def test_select_gives_whom_the_purpose_may_reach_and_who_fits() -> None:
    alice, bob = known_person(ALICE), known_person(BOB)
    gate.choose(person=bob, question="offers", version=1, yes=False, way="preference page")

    assert set(gate.select("quotes", "email")) == {alice, bob}
    assert list(gate.select("offers", "email")) == [alice]
    assert list(gate.select("quotes", "email", gate.has("industry", "food"))) == [bob]
    assert set(
        gate.select("quotes", "email", gate.any_of(gate.has("industry", "food"), gate.has("industry", "valves")))
    ) == {alice, bob}
    assert not gate.select("quotes", "email", gate.all_of(gate.has("industry", "food"), gate.has("industry", "valves")))


@pytest.mark.parametrize("kind", ["phone", "name"])
def test_a_segment_on_a_kind_the_purpose_may_not_choose_by_is_refused_when_written(kind: str) -> None:
    with pytest.raises(gate.SegmentRefused):
        gate.select("quotes", "email", gate.has(kind, "x"))


def test_an_undeclared_kind_cannot_be_kept() -> None:
    with pytest.raises(gate.Refusal) as refusal:
        kept({"shoe size": "43"})

    assert refusal.value.code == "undeclared"


@pytest.mark.parametrize(
    "statement",
    [
        "select * from datum",
        "select * from person_key",
        "select * from entry",
        "select * from choice",
        "select * from person",
        "copy datum to stdout",
        "update entry set reason = 'x'",
        "delete from entry",
        "insert into entry (person_id, id, kind) values (gen_random_uuid(), gen_random_uuid(), 'used')",
        "truncate entry",
        "alter table entry disable trigger all",
        "set role troth_owner",
        "create view v as select * from datum",
        "select erase(gen_random_uuid(), gen_random_uuid(), 'x', 'x')",
        "select adopt(9, 'x', 'x', now()::date, 'x', '{}', gen_random_uuid())",
        "select * from law_decide(gen_random_uuid(), 'quotes', now())",
        "update policy_version set text = 'x'",
        "insert into law_use (purpose) values ('quotes')",
        "select nextval('person_ordinal')",
    ],
)
def test_the_applications_role_reaches_nothing_around_the_functions(statement: str) -> None:
    known_person(ALICE)

    with pytest.raises(ProgrammingError, match=r"permission denied|must be owner"), connection.cursor() as cursor:
        cursor.execute(statement)


def test_a_setting_left_behind_opens_nothing() -> None:
    known_person(ALICE)

    with connection.cursor() as cursor:
        cursor.execute("set row_security = off")
        with pytest.raises(ProgrammingError, match="permission denied"):
            cursor.execute("select * from datum")
    connection.close()  # the setting must not stay for the next test


def test_an_entrys_leaf_commits_to_every_column() -> None:
    alice = known_person(ALICE)
    asked(alice, cause=gate.new_id())

    entries = history(alice)
    assert {entry.kind for entry in entries} >= {"collected", "used"}
    assert all(entry.stands() for entry in entries)


def test_no_identifying_value_stands_in_clear_in_the_database(owner: Any) -> None:
    known_person(ALICE)

    found = rows_as(owner, "select coalesce(clear, '') || encode(coalesce(sealed, ''), 'escape') from datum")

    assert not any(ALICE[kind] in text for (text,) in found for kind in ("name", "email", "phone"))
    assert any(ALICE["industry"] in text for (text,) in found)


def _keep_for(person: UUID, values: dict[str, str], cause: UUID) -> None:
    keep(
        values=values,
        provenance=Provenance("form.quote", 1, datetime.now(UTC), "typed"),
        person=person,
        cause=cause,
    )


def rows_as(owner: Any, sql: str) -> list[tuple[Any, ...]]:
    with owner.cursor() as cursor:
        cursor.execute(sql)
        return list(cursor.fetchall())
