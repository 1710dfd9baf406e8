"""Policy updates: what a new version may do with what is already held, and how people are told."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from tests.policy.texts import changed, sound
from tests.site import site
from tests.updates.versions import (
    ALICE,
    BOB,
    CHARLIE,
    FROM_QUOTES,
    PRODUCT,
    adopt_second,
    mail_of,
    may_use_product,
    next_day,
    press,
)
from tests.visits import BROWSER, SITE, send, visitor
from tests.worlds import known_person

from troth import gate, in_force
from troth.outbox import transport
from troth.outbox.models import QueuedEmail
from troth.policy import Answer, Decision, Facts, Held, Law, Policy, decide, diff, publish
from troth.security.cookies import find_declared
from troth.updates import sending
from troth.uses.newsletter.models import SignUp

VERSION = "updates/version"
NEXT = ("version: 1\n", "version: 2\n")
# Articles would also be chosen by the product that was named when asking for a quote.
CONTENT_FROM_QUOTES = (
    "collected by: [form.register, form.account,",
    "collected by: [form.quote, form.register, form.account,",
)
PERSONAL = (
    "{#C12}\n",
    """{#C11-articles}
### Articles on this device
To choose articles for you on this device, we set a cookie for 30 days that says what you read. You can opt out.

```rule
cookie: __Host-articles
title: Articles on this device
purpose: content
kinds: [product]
lifetime: 30 days
essential: no
set by: ours
keeps: ["we set a cookie for 30 days that says what you read"]
```

{#C12}
""",
)
LONGER = (
    ("The cart is kept for 90 days", "The cart is kept for 100 days"),
    ("The cart is kept for 90 days", "The cart is kept for 100 days"),  # the rule quotes it
    ("{for: 90 days, after: collection}", "{for: 100 days, after: collection}"),
)
OTHERWISE = (
    ("purpose: newsletter\n", "purpose: news\nwas: newsletter\n"),
    ("for: [newsletter, confirmations]", "for: [news, confirmations]"),
    ("{#U4}", "{#news was=U4}"),
)
NOW = datetime(2027, 3, 1, 10, 0, tzinfo=UTC)

__all__ = ["site"]


@pytest.fixture(scope="module")
def text() -> str:
    return (SITE / "policy.md").read_text(encoding="utf-8")


def alices_product(law: Law, *answers: Answer) -> Decision:
    """May the product that Alice named in version 1, asking for a quote, choose her articles?"""
    held = Held("product", "form.quote", 1, NOW + timedelta(days=600))
    return decide(Facts(law, "content", "product", held, answers, NOW))


def versions(text: str) -> tuple[Policy, Policy]:
    return sound(text), sound(changed(text, NEXT, CONTENT_FROM_QUOTES))


@pytest.mark.clause("P1")
def test_P1_a_use_not_stated_when_the_data_was_given_is_found_by_comparing_the_rules(text: str) -> None:
    old, new = versions(text)
    (asked,) = [change for change in diff(old, new) if change.class_ == "ask"]
    assert (asked.purpose, asked.section, asked.question) == ("content", "U3", "content@2")
    assert asked.kinds == ("product",)
    assert asked.sentence == "Content would also use Product that we already hold."


@pytest.mark.clause("P2")
def test_P2_until_she_answers_the_new_use_does_not_happen_and_her_answer_counts_for_her(text: str) -> None:
    old, new = versions(text)
    law = Law({1: old, 2: new}, 2)
    refused = alices_product(law)
    assert (refused.allowed, refused.code, refused.section) == (False, "unanswered", "U3")
    assert refused.sentence in new.purposes["content"].quotation
    assert alices_product(law, Answer("content@2", 2, True, NOW)).code == "answered"
    assert alices_product(law, Answer("content@2", 2, False, NOW)).code == "declined"


@pytest.mark.django_db(transaction=True)
@pytest.mark.clause("P2")
def test_P2_a_purpose_under_another_name_is_the_one_she_answered(site: Policy, run_jobs: Any) -> None:
    alice, bob = known_person(ALICE, channel="form.news"), known_person(BOB, channel="form.news")
    gate.choose(person=alice, question="newsletter", version=1, yes=True, way="test")
    adopt_second(*OTHERWISE)
    run_jobs()
    law = in_force.law()
    assert diff(law.versions[1], law.versions[2]) == ()
    assert gate.decide(alice, "newsletter", ["email"])["email"].code == "stated"
    assert gate.decide(bob, "newsletter", ["email"])["email"].code == "not signed up"
    assert set(gate.select("newsletter", "email")) == {alice}
    for person in (alice, bob):
        assert "/accept/" not in mail_of(person)
    page = visitor().get("/policy", **BROWSER).content.decode()
    assert 'id="news"' in page
    assert 'id="U4"' in page


@pytest.mark.clause("P3")
def test_P3_a_material_change_that_uses_nothing_anew_is_told_and_asks_nobody(text: str) -> None:
    found = diff(sound(text), sound(changed(text, NEXT, *LONGER)))
    assert [(change.class_, change.sentence) for change in found] == [
        ("notify", "Cart: now kept 100 days. It was 90 days.")
    ]


@pytest.mark.clause("P5")
def test_P5_the_page_of_a_version_says_in_words_what_changed_and_where(text: str) -> None:
    old, new = versions(text)
    page = publish(new, old)
    assert [change.sentence for change in page.changes] == ["Content would also use Product that we already hold."]
    assert [section.anchor for section in page.sections if section.changed] == ["U3"]
    assert publish(old).changes == ()


@pytest.mark.django_db(transaction=True)
@pytest.mark.clause("P4")
def test_P4_who_opted_in_to_any_email_is_written_about_a_change_that_asks_nothing(site: Policy, run_jobs: Any) -> None:
    reader, other = known_person(ALICE, channel="form.register"), known_person(BOB)
    gate.choose(person=reader, question="newsletter", version=1, yes=True, way="test")
    gate.choose(person=other, question="marketing", version=1, yes=False, way="test")
    adopt_second(*LONGER)
    run_jobs()
    for person in (reader, other):  # the notice is no marketing: whoever opted out of that gets it, too
        assert "Our privacy policy is now version 2" in mail_of(person)
        assert "\n\n\n" not in mail_of(person).replace("\r\n", "\n"), "no line is left empty where nothing is asked"
        assert "/accept/" not in mail_of(person)


@pytest.mark.django_db(transaction=True)
@pytest.mark.clause("P4")
def test_P4_who_confirms_a_sign_up_for_the_notices_gets_them_without_an_account_until_one_click_ends_it(
    site: Policy, run_jobs: Any
) -> None:
    known, ada = known_person(ALICE), _sign_up("ada@brightwater.example")
    also = _sign_up(ALICE["email"])
    _sign_up("bo@brightwater.example")  # who confirms nothing
    run_jobs()
    for person in (ada, also):
        press(mail_of(person, "newsletter/confirm"), "newsletters/confirm", do="confirm")
    adopt_second(*LONGER)
    run_jobs()
    sent = QueuedEmail.objects.filter(template__startswith="updates/").values_list("template", "person", "state")
    # Alice, who signed up too, gets one email as everyone does whose address we hold.
    assert sorted(sent) == sorted([("updates/notice", ada, "sent"), (VERSION, known, "sent")])
    words = mail_of(ada, "updates/notice")
    assert "you signed up for notices about our privacy policy" in words
    assert "100 days" in words
    (email,) = QueuedEmail.objects.filter(person=ada, template="updates/notice")
    raw = (transport.folder() / f"{email.id}.eml").read_bytes()
    stop = re.search(rb"List-Unsubscribe: <http://localhost:8000(\S+?)>", raw.replace(b"\r\n ", b" "))
    assert stop
    assert visitor().post(stop[1].decode(), {"List-Unsubscribe": "One-Click"}).status_code == 200
    assert gate.decide(ada, "notices", ["email"])["email"].code == "said no"
    assert gate.decide(ada, "updates", ["email"])["email"].code == "channel not stated", "nor another one instead"


def _sign_up(email: str) -> UUID:
    """Whom the form of the notices makes."""
    answer = send(visitor(), "/policy/notices/", {"email": email})
    assert answer.status_code == 303
    return SignUp.objects.latest("asked_utc").person_id


@pytest.mark.django_db(transaction=True)
@pytest.mark.clause("P6")
def test_P6_each_known_address_gets_one_email_with_the_question_and_the_date_and_no_second(
    site: Policy, run_jobs: Any
) -> None:
    asked, told, twin = known_person(ALICE | PRODUCT), known_person(CHARLIE), known_person(CHARLIE)
    known_person({"name": "Dora", **PRODUCT})  # of whom no address is known
    effective = next_day()
    update = adopt_second()
    run_jobs()
    for _twice in range(2):
        sending.send(update.pk, at_utc=datetime.now(UTC))
        run_jobs()
    sent = QueuedEmail.objects.filter(template=VERSION)
    assert sorted(each.state for each in sent) == ["sent", "sent"]
    assert asked in {each.person_id for each in sent}
    assert {each.person_id for each in sent} & {told, twin}
    assert "/accept/" in mail_of(asked)
    assert "/decline/" in mail_of(asked)
    assert f"{effective:%B} {effective.day}, {effective.year}" in mail_of(asked)
    assert {each.lane for each in sent} == {"service"}


@pytest.mark.django_db(transaction=True)
@pytest.mark.clause("C11")
def test_C11_a_cookie_that_personalizes_is_set_by_no_version_before_the_one_that_states_it(
    site: Policy, run_jobs: Any
) -> None:
    assert find_declared("__Host-articles", in_force.policy().cookies) is None
    alice = known_person(ALICE | PRODUCT)
    adopt_second(PERSONAL, FROM_QUOTES)
    run_jobs()
    assert find_declared("__Host-articles", in_force.policy().cookies) is not None
    law = in_force.law()
    changes = [change.sentence for change in diff(law.versions[1], law.versions[2])]
    assert "A new cookie: Articles on this device (30 days)." in changes
    assert may_use_product(alice) == "unanswered"
    press(mail_of(alice), "accept", do="yes", question="content@2")
    assert may_use_product(alice) == "answered"
