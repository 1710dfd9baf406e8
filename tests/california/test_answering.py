"""The answer, computed: years, recipients that market for themselves, and those that do not."""

from datetime import UTC, datetime

import pytest
from tests.visits import SITE
from tests.worlds import known_person

from troth import gate
from troth.california import answering
from troth.cases import actions as cases
from troth.cases.kinds import kinds
from troth.policy import confirm
from troth.records.law import versions

TEXT = (SITE / "policy.md").read_text(encoding="utf-8")
MARKETS = (
    TEXT.replace(
        "recipient: distributor\ntitle: Distributors\nis: partner\nthird party: yes\nown marketing: no",
        "recipient: distributor\ntitle: Distributors\nis: partner\nthird party: yes\nown marketing: yes",
    )
    .replace("for that request and for nothing else", "for that request and for marketing of their own")
    .replace(", and for nothing else", "")
    .replace(" and nothing else", "")
    .replace("e do not sell your", "e name who gets your")
    .replace("e do not share it for", "e say who gets it for")
    .replace(
        "choice: none\nmarketing: never\nrecipients: [staff.sales, distributor",
        "choice: opt out\nmarketing: never\nrecipients: [staff.sales, distributor",
    )
)


@pytest.fixture(params=[TEXT, MARKETS], ids=["no marketing of their own", "own marketing"])
def adopted(request, owner):
    from django.db import connections

    versions.adopt(confirm(request.param), by="staff:test", using=connections["owner"])
    return request.param is MARKETS


def test_last_years_hand_over_is_told_in_the_table_where_it_belongs(adopted, superuser, time_machine):
    person = known_person({"name": "Ana", "email": "ana@ana.example", "company": "Ana Ltd"}, channel="form.quote")
    granted = gate.grant(person=person, purpose="quotes", kinds=["name", "email"], who="program:test", reason="a quote")
    gate.disclose(
        gate.read(granted),
        recipient_class="distributor",
        recipient="calder-systems",
        recipient_name="Dana Okafor",
        kinds=["name", "email"],
        who="program:test",
        reason="a quote",
    )
    now = datetime.now(UTC)
    next_year = now.replace(year=now.year + 1, day=1)
    time_machine.move_to(next_year)
    case = cases.open_case(
        kinds()["disclosures"],
        cases.CaseArrival(id=gate.new_id(), person=person, manner="form", at_utc=next_year, account=7),
        verified=True,
    ).case

    answer = answering.answer_of(case)

    told = answer.for_marketing if adopted else answer.others
    assert (answer.others if adopted else answer.for_marketing) == ()
    assert [(party.name, party.categories) for party in told] == [("Dana Okafor", ("Name", "Email"))]
    assert "Fresno, CA" in told[0].address
    assert answer.voluntary
    assert answer.year == now.year


def test_this_years_hand_over_waits_for_next_years_answer(adopted):
    person = known_person({"name": "Ana", "email": "ana@ana.example"}, channel="form.quote")
    granted = gate.grant(person=person, purpose="quotes", kinds=["name"], who="program:test", reason="a quote")
    gate.disclose(
        gate.read(granted),
        recipient_class="distributor",
        recipient="calder-systems",
        recipient_name="Dana Okafor",
        kinds=["name"],
        who="program:test",
        reason="a quote",
    )
    case = cases.open_case(
        kinds()["disclosures"],
        cases.CaseArrival(id=gate.new_id(), person=person, manner="form", at_utc=datetime.now(UTC)),
        verified=True,
    ).case
    answer = answering.answer_of(case)
    assert (answer.for_marketing, answer.others, answer.voluntary) == ((), (), False)
