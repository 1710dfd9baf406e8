"""Six people over four versions, and what may be used of each after every step, until the time of their data is over."""

from datetime import UTC, datetime, timedelta

import pytest
from tests.site import site
from tests.updates.versions import ALICE, BOB, CHARLIE, FROM_QUOTES, PRODUCT, next_day, text_of
from tests.worlds import known_person

from troth import gate, in_force
from troth.gate import owner as owners
from troth.outbox import QueuedEmail, suppression
from troth.updates import answering, sending, wording
from troth.updates.models import UpdateReader

__all__ = ["site"]

GIVEN = PRODUCT | {"need": "quote"}
DORA, ERIK, FAY = ({"name": name, "email": f"{name.lower()}@six.example"} for name in ("Dora", "Erik", "Fay"))
NEEDS_TOO = ("may use: [industry, role, product,", "may use: [industry, role, product, need,")
"""What version 3 adds, and version 4 takes away again."""


def adopt(version, *swaps):
    owners.adopt(text_of(version, next_day(), FROM_QUOTES, *swaps), by="staff:test")
    return sending.begin(at_utc=datetime.now(UTC))


def answer(person, question, *, yes):
    """By the links of the email, as test_journey presses them."""
    assert answering.answer([person], [question], yes=yes) == [question]


def codes(people):
    """What content may use of each: their product, and what they need."""
    return [
        tuple(decision.code for decision in gate.decide(each, "content", ["product", "need"]).values())
        for each in people
    ]


def asked(update):
    return {each.person_id: (each.way, tuple(each.asks)) for each in UpdateReader.objects.filter(update=update)}


@pytest.mark.django_db(transaction=True)
@pytest.mark.clause("P1", "P2", "P6")
def test_each_of_six_is_asked_about_what_is_new_for_them_and_nothing_else_is_used(site, run_jobs, owner, time_machine):
    alice, bob, charlie, dora, erik = (known_person(each | GIVEN) for each in (ALICE, BOB, CHARLIE, DORA, ERIK))
    suppression.suppress(DORA["email"], why="bounce")
    second = adopt(2)
    run_jobs()
    assert asked(second)[dora] == ("visit", ("content@2",))
    answer(alice, "content@2", yes=True)
    answer(bob, "content@2", yes=False)
    fay = known_person(FAY | GIVEN, version=2)
    owner.execute("select erase(%s, gen_random_uuid(), 'staff:test', 'asked')", [erik])
    six, no = (alice, bob, charlie, dora, erik, fay), "kind not stated"
    product = ["answered", "declined", "unanswered", "unanswered", "not held", "stated"]
    assert codes(six) == [(code, no) for code in product]

    third = adopt(3, NEEDS_TOO)
    run_jobs()
    assert asked(third) == {
        **dict.fromkeys((alice, bob, fay), ("email", ("content@3",))),
        charlie: ("email", ("content@2", "content@3")),
        dora: ("visit", ("content@2", "content@3")),
    }
    assert QueuedEmail.objects.filter(template="updates/version", person=charlie, state="sent").count() == 2
    newest = QueuedEmail.objects.get(batch=third.pk, person=fay)
    assert newest.state == "sent"
    answer(fay, "content@3", yes=True)
    need = ["unanswered", "unanswered", "unanswered", "unanswered", "not held", "answered"]
    assert codes(six) == list(zip(product, need, strict=True))

    fourth = adopt(4)
    sending.send(fourth.pk, at_utc=datetime.now(UTC))
    assert {person: asks for person, (_way, asks) in asked(fourth).items() if asks} == dict.fromkeys(
        (charlie, dora), ("content@2",)
    )
    assert codes(six) == [(code, no) for code in product], "what is stated no more is used no more, whatever they said"
    answer(dora, "content@2", yes=True)
    assert codes([dora]) == [("answered", no)]
    assert any("use less of this data" in change.sentence for change in wording.list_changes(in_force.law(), since=3))

    time_machine.move_to(datetime.now(UTC) + timedelta(days=760), tick=False)
    assert codes(six) == [*[("expired", no)] * 4, ("not held", no), ("expired", no)]
