"""Topics of a purpose: on or off by themselves, beneath what is said of the purpose as a whole."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from tests.access.hers import NEWS, chosen, preferences_of, reader, save
from tests.accounts import emails_to
from tests.passing import pass_until
from tests.visits import BROWSER, SITE, text, visitor
from tests.worlds import kept

from troth import gate, in_force, outbox
from troth.access.copy import copy_of
from troth.access.copy.writing import as_json
from troth.access.preferences import pausing
from troth.desk import choices
from troth.desk.topics import question_title, topics_of
from troth.outbox import QueuedEmail
from troth.policy import confirm
from troth.records import journal, ledger
from troth.security import links
from troth.uses.inquiries.actions import InquiryFacts

NEWSLETTER = "purpose: newsletter\n"
CONTENT = "purpose: content\n"
TOPICS = "topics: {releases: Releases, fairs: Trade fairs}\n"
PRODUCTS = "topics: products\n"


@pytest.fixture(autouse=True)
def topical(transactional_db: None, monkeypatch: Any) -> Any:
    """The reference policy, whose newsletter has two topics, and whose content is chosen for each product.

    No topic waits to be confirmed by email: that is tested with newsletters."""
    from django.db import connections

    from troth.records.law import versions

    said = (SITE / "policy.md").read_text(encoding="utf-8")
    said = re.sub(r"topics:\n(?:  \w+: .*\n)+", TOPICS, said, count=1)
    said = said.replace(
        "choice: opt out\nmarketing: never\nrecipients: [staff.marketing]",
        f"choice: opt out\n{PRODUCTS}marketing: never\nrecipients: [staff.marketing]",
        1,
    )
    monkeypatch.setattr(choices, "_known", {})
    versions.adopt(confirm(said), by="staff:test", using=connections["owner"])
    policy = versions.policy()
    assert [topic.id for topic in policy.purposes["newsletter"].topics] == ["releases", "fairs"]
    assert policy.purposes["content"].topics_of == "products"
    return policy


def may(person: Any, topic: str, *, purpose: str = "newsletter", kind: str = "email") -> str:
    return gate.decide(person, purpose, [kind], topic=topic)[kind].code


def test_the_page_shows_topics_beneath_their_purpose_and_saves_and_undoes_them() -> None:
    person = reader()
    client, address = visitor(), preferences_of(person)
    page = client.get(address, **BROWSER)
    assert "By topic" in text(page)
    assert "Releases" in text(page)
    assert "OptiPro Process" in text(page), "each product is a topic of content"
    assert may(person, "releases") == "topic not signed up"
    was = ["marketing", "newsletter"]
    done = save(client, address, was=was, on=[*was, "newsletter/releases"])
    title = question_title(in_force.policy(), "newsletter/releases")
    assert f"You opted in to “{title}”." in text(done)
    assert may(person, "releases") == "stated"
    assert may(person, "fairs") == "topic not signed up"
    assert may(person, "") == "stated"
    assert chosen(person)[-1] == ("newsletter/releases", True)
    assert "Releases" in ledger_words(person)
    off = save(client, address, was=[*was, "newsletter/releases"], on=was)
    assert may(person, "releases") == "topic refused"
    assert set(gate.select("newsletter", "email", topic="releases")) == set()
    assert set(gate.select("newsletter", "email")) == {person}
    undone = undo(client, off)
    assert undone.status_code == 200
    assert may(person, "releases") == "stated"
    save(client, address, on=["marketing"])
    shown = text(client.get(address, **BROWSER)).partition("Trade fairs ")[2]
    assert shown.startswith("Inquiries and newsletters Off since"), "It went with all of it."


def test_a_topic_that_the_site_lists_is_on_until_somebody_turns_it_off() -> None:
    person = kept({"email": "v@mill.example", "industry": "Food"}, channel="form.register").person
    product = topics_of(in_force.policy().purposes["content"])[0].id
    decide = {"purpose": "content", "kind": "industry"}
    assert may(person, product, **decide) == "stated"
    gate.choose(person=person, question=f"content/{product}", version=1, yes=False, way="mailed link")
    assert may(person, product, **decide) == "topic refused"
    assert may(person, "", **decide) == "stated"
    assert gate.count("content", "industry", topic=product) == 0
    assert gate.count("content", "industry") == 1


@pytest.mark.parametrize(
    "question",
    ["newsletter/prices", "newsletter/", "newsletter/a/b", "quotes/releases", "unheard/releases", "content/X Y"],
)
def test_no_other_topic_is_answered(question: str) -> None:
    person = reader()
    with pytest.raises(gate.Refusal, match="lists no such topic"):
        gate.choose(person=person, question=question, version=1, yes=True, way="test")


def test_a_pause_turns_off_all_topics_and_brings_back_what_was_said_of_each() -> None:
    person, now = reader(), datetime.now(UTC)
    gate.choose(person=person, question="newsletter/releases", version=1, yes=True, way="test")
    pause = pausing.begin([person], until_utc=now + timedelta(days=30), way="test", at_utc=now)
    assert pause is not None
    assert may(person, "releases") == "opted out", "everything is off"
    assert pass_until(now + timedelta(days=31)) == ["preferences.end_pause"]
    assert may(person, "releases") == "stated"
    gate.choose(person=person, question="marketing", version=1, yes=False, way="test")
    assert may(person, "releases") == "opted out"


def test_a_mailing_about_a_topic_reads_nobody_who_turned_it_off_since() -> None:
    stays, goes = reader(), reader(NEWS | {"email": "bob@northgate.example"})
    for person in (stays, goes):
        gate.choose(person=person, question="newsletter/releases", version=1, yes=True, way="test")
    selected = gate.select("newsletter", "email", topic="releases")
    assert set(selected) == {stays, goes}
    (bulk_use,) = bulk_uses(goes)
    assert "Releases" in bulk_use
    bulk = gate.grant_selection(selected, kinds=["email"], who="program:mailing", reason="a release")
    assert isinstance(bulk, gate.BulkGrant)
    grant = gate.grant(
        person=goes, purpose="newsletter", kinds=["email"], who="program:x", reason="a release", topic="releases"
    )
    assert isinstance(grant, gate.Grant)
    gate.choose(person=goes, question="newsletter/releases", version=1, yes=False, way="mailed link")
    assert [given.grant.person for given in gate.read_selection(bulk)] == [stays]
    assert gate.read(grant).values == {}
    unknown = gate.grant_selection(
        gate.select("newsletter", "email", topic="prices"), kinds=["email"], who="program:x", reason="prices"
    )
    assert isinstance(unknown, gate.BulkRefused)
    assert unknown.decision.code == "topic not stated"


def test_an_email_about_a_topic_is_held_once_it_is_off_and_its_link_turns_off_that_topic(run_jobs: Any) -> None:
    person = reader()
    gate.choose(person=person, question="newsletter/releases", version=1, yes=True, way="test")
    first, second = mailed(person), mailed(person)
    link = links.make(link=gate.new_id(), person=person, power="unsubscribe", cause=first.pk, at_utc=datetime.now(UTC))
    page = visitor().post(links.address(link, "unsubscribe"), {"do": "stop"}, **BROWSER)
    assert "Releases" in text(page)
    assert may(person, "releases") == "topic refused"
    assert may(person, "") == "stated", "the newsletter as a whole goes on"
    run_jobs()
    assert {email.state for email in QueuedEmail.objects.filter(pk__in=[first.pk, second.pk])} == {"refused"}
    assert emails_to(NEWS["email"]) == []


def test_a_no_to_a_topic_belongs_to_the_address_and_is_in_journal_and_copy() -> None:
    person = reader()
    gate.choose(person=person, question="newsletter/fairs", version=1, yes=False, way="mailed link")
    again = reader()
    assert may(again, "fairs") == "topic refused"
    acts = [act for act in journal.of_site().acts() if act.person == person]
    assert [act.details["question"] for act in acts] == ["newsletter/fairs"]
    copy = copy_of([person], cause=None, at_utc=datetime.now(UTC))
    assert question_title(in_force.policy(), "newsletter/fairs") in as_json(copy).decode()
    assert "newsletter/fairs" in as_json(copy).decode()


def mailed(person: Any) -> QueuedEmail:
    facts = InquiryFacts(number="N-1", staff="Ines", due="soon")
    return outbox.post(
        person=person,
        purpose="newsletter",
        topic="releases",
        email="inquiries/receipt",
        facts=facts,
        cause=gate.new_id(),
    )


def undo(client: Any, saved: Any) -> Any:
    import re

    body = saved.content.decode()
    fields = {name: re.search(rf'name="{name}" value="([^"]+)"', body)[1] for name in ("nonce", "done", "secret")}  # type: ignore[index]
    return client.post("/preferences/", {**fields, "do": "undo"}, **BROWSER)


def bulk_uses(person: Any) -> list[str]:
    from troth.access import story

    found = [entry for entry in ledger.bulk_uses_of(person) if entry.kind == "selected"]
    return [line.said.plain for line in story.write_story(found)]


def ledger_words(person: Any) -> str:
    from troth.access import story

    return " ".join(line.said.plain for line in story.write_story(ledger.history(person)))
