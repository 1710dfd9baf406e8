"""Every request finds somebody: by the first rule that matches, or in the fallback queue with its alarm."""

from collections.abc import Mapping
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.catalog.conftest import REFERENCE

from troth import catalog
from troth.catalog import KnownPlace, LeadFacts, Routing, RoutingChoice, RoutingReason, choose, locate, sentence_of
from troth.catalog.routing import matches
from troth.catalog.rules import wider

FRESNO = locate("93721", "CA", "US")
_loaded = catalog.load(REFERENCE)
assert _loaded.site is not None
SITE = _loaded.site


def ask(
    routing: Routing,
    place: KnownPlace = FRESNO,
    *,
    owners: Mapping[str, str] | None = None,
    load: Mapping[str, int] | None = None,
    **facts: object,
) -> RoutingChoice:
    """The choice for a request from Fresno for OptiPro Process, unless said otherwise."""
    lead = replace(LeadFacts(place, product="optipro-process"), **facts)  # type: ignore[arg-type]
    return choose(routing, lead, owners=owners or {}, load=load or {})


def test_california_and_process_go_to_the_distributor_with_that_territory(routing: Routing) -> None:
    choice = ask(routing)

    assert choice.recipient.key == "calder-systems"
    assert choice.recipient.kind == "distributor"
    assert (choice.rule, choice.title) == ("california-process", "California and OptiPro Process")
    assert routing.rules[choice.rule_number - 1].id == choice.rule
    assert choice.of == len(routing.rules)
    assert not choice.alarm


def test_an_existing_owner_comes_before_product_and_territory(routing: Routing) -> None:
    choice = ask(routing, organization="halden.example", owners={"halden.example": "henry-osei"})

    assert (choice.recipient.key, choice.rule, choice.rule_number) == ("henry-osei", "owner", 1)
    assert choice.why.sentence() == "Henry Osei already works with this organization."


def test_an_existing_owner_keeps_an_organization_from_an_unknown_place(routing: Routing) -> None:
    nowhere = locate("00000", "", "US")

    choice = ask(routing, nowhere, organization="halden.example", owners={"halden.example": "henry-osei"})

    assert choice.recipient.key == "henry-osei"


def test_an_owner_who_declined_or_left_is_passed_over(routing: Routing) -> None:
    owners = {"halden.example": "henry-osei", "vance.example": "left-last-year"}

    declined = ask(routing, organization="halden.example", owners=owners, excluded=frozenset({"henry-osei"}))
    left = ask(routing, organization="vance.example", owners=owners)

    assert declined.recipient.key == left.recipient.key == "calder-systems"


def test_nobody_owns_a_request_without_an_organization(routing: Routing) -> None:
    assert ask(routing, owners={"": "henry-osei"}).rule == "california-process"


def test_service_goes_to_a_consultant(routing: Routing) -> None:
    assert ask(routing, need="service").recipient.kind == "consultant"


def test_large_companies_stay_with_our_own_people(routing: Routing) -> None:
    assert ask(routing, users=250).rule == "large-companies"
    assert ask(routing, users=249).rule == "california-process"
    assert ask(routing, users=None).rule == "california-process"


def test_a_product_decides_before_a_territory(routing: Routing) -> None:
    assert ask(routing, product="optipro-insight").rule == "california"


def test_region_decides_when_no_product_is_named(routing: Routing) -> None:
    assert ask(routing, product="").recipient.key == "ines-moreau"


def test_a_zip_narrows_a_state(routing: Routing) -> None:
    long_beach = locate("90802", "CA", "US")

    assert ask(routing, long_beach, product="optipro-discrete").rule == "southern-california-discrete"
    assert ask(routing, product="optipro-discrete").rule == "west-discrete"


def test_the_tier_decides_how_many_each_gets(routing: Routing) -> None:
    milwaukee, load = locate("53202", "WI", "US"), {"lakeshore-erp": 0, "ironbridge-software": 0}

    for _ in range(12):
        load[ask(routing, milwaukee, product="optipro-discrete", load=load).recipient.key] += 1

    assert load == {"lakeshore-erp": 8, "ironbridge-software": 4}


def test_a_full_recipient_gets_no_more_and_the_next_rule_takes_over(routing: Routing) -> None:
    long_beach = locate("90802", "CA", "US")

    choice = ask(routing, long_beach, product="optipro-discrete", load={"pacific-shop-systems": 12})

    assert (choice.rule, choice.recipient.key) == ("west-discrete", "cascade-manufacturing")


def test_whoever_declined_is_not_asked_again(routing: Routing) -> None:
    choice = ask(routing, excluded=frozenset({"calder-systems"}))

    assert choice.rule == "california"


@pytest.mark.parametrize(
    ("place", "why"),
    [
        (locate("00000", "", "US"), "We don’t recognize the ZIP code 00000."),
        (locate("92618", "NV", "US"), "The ZIP code 92618 is in CA, not in NV."),
        (locate("", "", "XX"), "We don’t recognize the country XX."),
        (locate("", "", "FR"), "No rule matches this request."),
    ],
)
def test_what_no_rule_can_place_waits_in_the_fallback_queue_with_an_alarm(
    routing: Routing, place: KnownPlace, why: str
) -> None:
    choice = ask(routing, place)

    assert choice.recipient == routing.fallback
    assert (choice.rule, choice.rule_number) == ("fallback", 0)
    assert choice.alarm
    assert choice.alarm.sentence() == why
    assert not place.zip or place.zip not in str(choice.why)


def test_when_everybody_declined_the_queue_says_so(routing: Routing) -> None:
    choice = ask(routing, excluded=frozenset({"calder-systems", "ines-moreau"}))

    assert choice.alarm
    assert choice.why.sentence() == "Everyone the rules name is at capacity or has declined."


def test_a_reason_is_stored_as_a_code_and_told_in_any_language() -> None:
    stored = str(RoutingReason("most-room", {"rule": "100 % ours & theirs", "number": "3", "name": "Köhler?=GmbH"}))

    assert stored.startswith("most-room?rule=")
    assert (
        sentence_of(stored)
        == "100 % ours & theirs: of the 3 who answer these requests, Köhler?=GmbH has the most capacity."
    )
    assert sentence_of("owner?name=Ines", lambda text: f"§ {text}") == "§ Ines already works with this organization."


@pytest.mark.parametrize(
    "text", ["", "No rule matches this request.", "Is it so? name=Ines", "owner", "owner?rule=West", "Ines: yes. 100 %"]
)
def test_what_was_stored_as_a_sentence_is_told_as_it_stands(text: str) -> None:
    assert sentence_of(text) == text


def test_the_fallback_queue_is_our_own_and_known_by_its_key(routing: Routing) -> None:
    assert routing.fallback.kind == "staff.sales"
    assert routing.recipient("fallback") == routing.fallback
    assert routing.recipient("nobody") is None


KEYS = sorted({*SITE.routing.salespeople, *SITE.routing.distributors, *SITE.routing.consultants})
places = st.builds(
    locate,
    st.sampled_from(["", "93721", "90802", "10001", "60607", "00000", "nonsense", "M5V 2T6"]),
    st.sampled_from(["", "CA", "NY", "IL", "ON", "ZZ"]),
    st.sampled_from(["US", "CA", "MX", "DE", "FR", "XX", ""]),
)
leads = st.builds(
    LeadFacts,
    place=places,
    product=st.sampled_from(["", "no-such-product", *SITE.products]),
    need=st.sampled_from(["quote", "service"]),
    users=st.none() | st.integers(0, 100_000),
    organization=st.sampled_from(["", "halden.example", "vance.example"]),
    excluded=st.frozensets(st.sampled_from(KEYS), max_size=30),
)
owners = st.dictionaries(st.sampled_from(["halden.example", "vance.example"]), st.sampled_from([*KEYS, "gone"]))
loads = st.dictionaries(st.sampled_from(KEYS), st.integers(0, 60))


@settings(max_examples=400)
@given(leads, owners, loads)
def test_every_request_has_a_recipient_whom_the_rules_allow(
    lead: LeadFacts, owned: dict[str, str], load: dict[str, int]
) -> None:
    choice = choose(SITE.routing, lead, owners=owned, load=load)

    assert bool(choice.alarm) == (choice.recipient == SITE.routing.fallback) == (choice.rule_number == 0)
    assert sentence_of(str(choice.why)) == choice.why.sentence()
    assert choice.title
    if choice.alarm:
        return
    rule, recipient = SITE.routing.rules[choice.rule_number - 1], choice.recipient
    assert rule.id == choice.rule
    assert recipient.key not in lead.excluded
    if rule.existing_owner:
        assert owned[lead.organization] == recipient.key
    else:
        assert matches(rule, lead)
        assert recipient in rule.recipients
        assert recipient.capacity is None or load.get(recipient.key, 0) < recipient.capacity


@settings(max_examples=400)
@given(leads, owners, loads)
def test_no_earlier_rule_could_have_taken_the_request(
    lead: LeadFacts, owned: dict[str, str], load: dict[str, int]
) -> None:
    choice = choose(SITE.routing, lead, owners=owned, load=load)

    earlier = SITE.routing.rules[: choice.rule_number - 1] if choice.rule_number else SITE.routing.rules
    for rule in earlier:
        free = [one for one in rule.recipients if one.key not in lead.excluded]
        free = [one for one in free if one.capacity is None or load.get(one.key, 0) < one.capacity]
        assert rule.existing_owner or not matches(rule, lead) or not free


@settings(max_examples=200)
@given(leads, owners, loads)
def test_the_same_facts_give_the_same_choice(lead: LeadFacts, owned: dict[str, str], load: dict[str, int]) -> None:
    first = choose(SITE.routing, lead, owners=owned, load=load)

    assert choose(SITE.routing, lead, owners=dict(reversed(owned.items())), load=dict(load)) == first


def test_a_rule_is_wider_only_if_it_takes_all_that_the_other_takes() -> None:
    rules = {rule.id: rule for rule in SITE.routing.rules}

    assert wider(rules["service"], rules["process-service"])
    assert wider(rules["california"], rules["california-process"])
    assert not wider(rules["california-process"], rules["california"])
    assert not wider(rules["west"], rules["california"])
    assert not wider(rules["california"], rules["california"])
    assert not wider(rules["owner"], rules["california"])
