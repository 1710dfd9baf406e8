"""Rules and sections that a version calls otherwise: who was asked, what was given and what was linked stays theirs."""

from datetime import UTC, datetime

import pytest
from tests.policy.texts import changed, sound

from troth.policy import (
    Answer,
    Facts,
    Held,
    Law,
    Policy,
    compile_translation,
    confirm_translation,
    decide,
    diff,
    find_say,
    publish,
    snapshot,
    succession,
    translate,
)
from troth.policy.compiler import read_policy
from troth.policy.translation import list_words
from troth.policy.writing import write_document

NOW = datetime(2026, 11, 2, tzinfo=UTC)
V2 = (("version: 1", "version: 2"), ("effective: 2026-10-01", "effective: 2026-11-01"))
V3 = (("version: 2", "version: 3"), ("effective: 2026-11-01", "effective: 2026-12-01"))
OTHERWISE = (
    ("purpose: newsletter\n", "purpose: news\nwas: newsletter\n"),
    ("for: [newsletter]", "for: [news]"),
    ("collect: form.news\n", "collect: form.letters\nwas: form.news\n"),
    ("collected by: [form.news]", "collected by: [form.letters]"),
    ("kind: need\n", "kind: wish\nwas: need\n"),
    ("state: optional, need: required}", "state: optional, wish: required}"),
    ("needs: [name, email, country, need]", "needs: [name, email, country, wish]"),
    ("recipient: provider.mail\n", "recipient: mailer\nwas: provider.mail\n"),
    ("recipients: [provider.mail]", "recipients: [mailer]"),
    ("recipients: [distributor, provider.mail]", "recipients: [distributor, mailer]"),
    ("{#U4}", "{#news was=U4}"),
)


@pytest.fixture(scope="module")
def renamed(calder: Policy) -> Policy:
    return sound(changed(calder.text, *V2, *OTHERWISE))


def test_a_new_name_alone_notifies_nobody(calder: Policy, renamed: Policy) -> None:
    assert diff(calder, renamed) == ()
    assert succession(calder, renamed) == ()


def test_what_was_given_and_answered_under_the_old_name_counts(calder: Policy, renamed: Policy) -> None:
    law = Law({1: calder, 2: renamed}, 2)
    held = Held("email", "form.news", 1, None)
    answers = (Answer("newsletter", 1, yes=True, at_utc=NOW),)
    facts = Facts(law, "newsletter", "email", held, answers, NOW)
    assert decide(facts).code == "stated"
    assert decide(facts).section == "U4"


def test_a_name_that_is_wider_is_the_change_that_it_is(calder: Policy, renamed: Policy) -> None:
    wider = changed(renamed.text, ("may use: [name]\ncollected by: [form.letters]", "collected by: [form.letters]"))
    wider = changed(
        wider, ("collected by: [form.letters]", "may use: [name]\ncollected by: [form.letters, form.quote]")
    )
    (asked,) = [change for change in diff(calder, sound(wider)) if change.class_ == "ask"]
    assert asked.question == "newsletter@2"


def test_a_name_lasts_through_the_versions_after(calder: Policy, renamed: Policy) -> None:
    third = changed(renamed.text, *V3, ("purpose: news\n", "purpose: mailings\n"), ("for: [news]", "for: [mailings]"))
    assert diff(renamed, sound(third)) == ()
    assert succession(renamed, sound(third)) == ()


def test_both_anchors_lead_to_the_section(renamed: Policy) -> None:
    page = publish(renamed)
    assert 'id="news"' in write_document(page)
    assert 'id="U4"' in write_document(page)
    linked = changed(renamed.text, ("It may carry offers.", "It may carry offers; see [here](#news) or [there](#U4)."))
    assert sound(linked)


def test_a_declared_change_of_text_is_that_of_the_section(calder: Policy, renamed: Policy) -> None:
    text = changed(renamed.text, ("cookie switch", "changes: {news: material}\ncookie switch"))
    text = changed(text, ("It may carry offers.", "It can carry offers."))
    (change,) = diff(calder, sound(text))
    assert (change.class_, change.section) == ("notify", "U4")


def test_a_translation_names_rules_and_sections_as_the_text_does(renamed: Policy, german: str) -> None:
    text = german.replace("version: 1", "version: 2").replace("{#U4}", "{#news was=U4}")
    found = compile_translation(renamed, confirm_translation(renamed, text))
    assert found.translation is not None, found.findings
    page = publish(translate(renamed, found.translation), say=find_say("de"))
    (section,) = [section for section in page.sections if section.anchor == "U4"]
    assert (section.written, section.title) == ("news", "Rundbrief")
    assert {"purpose news", "collect form.letters", "kind wish"} <= list_words(renamed).keys()


def test_a_former_name_is_told_the_present_one(renamed: Policy, german: str) -> None:
    text = german.replace("version: 1\n", "version: 2\nterms: {kind need: Bedarf}\n")
    hints = {found.message: found.hint for found in compile_translation(renamed, text).findings}
    assert hints["The policy has no words for kind need."].startswith("It is called `kind wish` now.")


def test_it_is_read_saved_and_restored(renamed: Policy) -> None:
    assert read_policy(renamed.text) == renamed
    assert snapshot.restore(snapshot.save(renamed), text=renamed.text) == renamed
