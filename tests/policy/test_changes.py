"""What a new version means for people: by meaning, not by text."""

from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.policy.texts import changed, sound

from troth.policy import Facts, Held, Law, Policy, compile, confirm, decide, diff, succession
from troth.policy.changes import Change

NOW = datetime(2026, 11, 2, 9, 30, tzinfo=UTC)
V2 = ("version: 1", "version: 2")
NOTHING_NEW = [
    ("may use: [phone, state]", "may use: [state, phone]"),
    ("may use: [phone, state]", "may use:\n  - phone\n  - state"),
    ("title: Quotes\ndpv: RequestedServiceProvision", "dpv: RequestedServiceProvision  # a comment\ntitle: 'Quotes'"),
    ("values: [quote, service]", "values: [service, quote]"),
    ("after: last contact}", "after: last   contact}"),
    ("law: [california disclosure, do not track]", "law: [do not track, california disclosure]"),
    ('keeps: ["for that request and for nothing else"]', 'keeps: ["for nothing else"]'),
]
MATERIAL = [
    (
        ("dpv: TelephoneNumber\nkept: {for: 24", "dpv: TelephoneNumber\nkept: {for: 12"),
        "Phone: now kept 12 months after last contact. It was 24 months",
    ),
    (("recipients: [distributor, provider.mail]", "recipients: [distributor]"), "Quotes no longer gives data to: The"),
    (("recipients: [provider.mail]", "recipients: [provider.mail, distributor]"), "Newsletter also gives data to: Dis"),
    (("lifetime: 30 days", "lifetime: session"), "The cookie Asked before has changed."),
    (("choice: none", "choice: opt out"), "Quotes: the choice is now “opt out”. It was “none”."),
    (("marketing: may", "marketing: never"), "Newsletter no longer includes marketing."),
    (("phone: optional", "phone: required"), "“Ask for a quote” asks in a different way for: Phone."),
    (("- 1 Mill Lane", "- 2 Mill Lane"), "The postal address has changed."),
    (
        ("duty: Each version is announced", "duty: Each change is announced"),
        "How we keep a promise is described differently: We write to you",
    ),
    (("{after: 1 hour,", "{after: 2 hours,"), "Quotes: emails are sent at different times."),
    (
        (
            "needs: [name, email, country, need]\nmay use: [phone",
            "needs: [name, email]\nmay use: [country, need, phone",
        ),
        "Quotes: different data is needed.",
    ),
    (("values: [quote, service]", "values: [quote]"), "What you need may hold other values than before."),
    (("may use: [name]\n", ""), "Newsletter no longer uses all of: Name."),
]


def changes(old: Policy, text: str, *swaps: tuple[str, str]) -> tuple[Change, ...]:
    draft = compile(changed(text, V2, *swaps)).draft
    assert draft is not None
    return diff(old, draft)


def test_nothing_differs_from_itself(calder: Policy, reference: str) -> None:
    assert diff(calder, calder) == ()
    policy = sound(reference)
    assert diff(policy, policy) == ()


@pytest.mark.parametrize("swap", NOTHING_NEW, ids=lambda swap: swap[1])
def test_another_writing_of_the_same_rules_changes_nothing(swap: tuple[str, str], base: str, calder: Policy) -> None:
    assert changes(calder, base, swap) == ()


@pytest.mark.parametrize(("swap", "words"), MATERIAL, ids=lambda value: str(value)[:40])
def test_material_change_that_uses_nothing_anew_is_told(
    swap: tuple[str, str], words: str, base: str, calder: Policy
) -> None:
    found = changes(calder, base, swap)
    assert [change.class_ for change in found if change.sentence.startswith(words)] == ["notify"], found
    assert all(change.question is None for change in found)


def test_other_words_for_the_same_rules_are_wording(base: str, calder: Policy) -> None:
    assert changes(calder, base, ("We write to you when", "We send you a letter when")) == (
        Change("wording", "P1", "Clearer words in “Updates”. Same meaning."),
    )


def test_a_section_with_another_title_is_told_once_under_its_new_title(base: str, calder: Policy) -> None:
    assert changes(calder, base, ("# Updates\n", "# Policy updates\n")) == (
        Change("wording", "P1", "Clearer words in “Policy updates”. Same meaning."),
    )


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        ("Tax law asks for it.", "Tax law requires it.", ["wording: Clearer words in “What we hold”. Same meaning."]),
        (
            "",
            "Tax law requires it.",
            ["notify: Phone: a law now requires us to keep it, even if you ask us to delete it."],
        ),
        ("Tax law requires it.", "", ["notify: Phone: no law requires us to keep it anymore."]),
    ],
)
def test_a_law_that_asks_to_keep_is_material_and_its_words_are_not(
    before: str, after: str, told: list[str], base: str
) -> None:
    def under(law: str) -> str:
        stated = f", law: {law}" if law else ""
        return changed(
            base,
            (
                "dpv: TelephoneNumber\nkept: {for: 24 months, after: last contact",
                f"dpv: TelephoneNumber\nkept: {{for: 24 months, after: last contact{stated}",
            ),
        )

    found = changes(sound(under(before)), under(after))
    assert [f"{change.class_}: {change.sentence}" for change in found] == told


@pytest.mark.parametrize(
    "swap",
    [
        ("title: Phone", "title: Telephone"),
        ("title: Distributors", "title: Dealers"),
        ("email: The quote goes there.", "email: It goes there."),
        ("title: Asked before", "title: Has asked before"),
    ],
)
def test_another_name_for_the_same_thing_is_wording(swap: tuple[str, str], base: str, calder: Policy) -> None:
    assert [change.class_ for change in changes(calder, base, swap)] == ["wording"]


def test_new_use_of_stored_data_asks_and_the_law_waits_for_the_answer(base: str, calder: Policy) -> None:
    text = changed(
        base,
        V2,
        ("may use: [name]\ncollected by: [form.news]", "may use: [name, phone]\ncollected by: [form.news, form.quote]"),
    )
    new = sound(text)
    (asked,) = [change for change in diff(calder, new) if change.class_ == "ask"]
    assert (asked.purpose, asked.section, asked.question) == ("newsletter", "U4", "newsletter@2")
    assert asked.kinds == ("email", "name", "phone")
    assert asked.sentence == "Newsletter would also use E-mail, Name, Phone that we already hold."


def test_a_use_of_what_was_never_collected_only_tells(base: str, calder: Policy) -> None:
    found = changes(
        calder,
        base,
        ("may use: [phone, state]", "may use: [phone, state, fax]"),
        (
            "kind: phone\n",
            "kind: fax\ntitle: Fax\ntype: phone\nclass: identifying\n"
            "kept: {for: 24 months, after: last contact}\n```\n\n```rule\nkind: phone\n",
        ),
        ("phone: optional,", "phone: optional, fax: optional,"),
    )
    assert {change.class_ for change in found} == {"notify"}
    assert any(change.sentence == "Quotes also uses Fax, as given from now on." for change in found)


def test_a_kind_that_no_way_in_brings_to_the_purpose_is_told_until_one_does(base: str, calder: Policy) -> None:
    wider = ("may use: [name]\ncollected by: [form.news]", "may use: [name, phone]\ncollected by: [form.news]")
    brought = (
        "may use: [name, phone]\ncollected by: [form.news]",
        "may use: [name, phone]\ncollected by: [form.news, form.quote]",
    )
    (told,) = changes(calder, base, wider)
    assert (told.class_, told.section, told.purpose, told.kinds) == ("notify", "U4", "newsletter", ("phone",))
    assert told.sentence.startswith("Newsletter may also use Phone once it’s collected in a way")
    second = sound(changed(base, V2, wider))
    third = sound(changed(base, ("version: 1", "version: 3"), wider, brought))
    (asked,) = [change for change in diff(second, third, earlier=[calder]) if change.purpose == "newsletter"]
    assert asked.class_ == "ask"
    assert "phone" in asked.kinds


def test_a_channel_that_brings_nothing_of_a_kind_changes_nothing(base: str, calder: Policy) -> None:
    swap = ("collected by: [form.news]", "collected by: [form.news, form.quote]")
    (asked,) = [change for change in changes(calder, base, swap) if change.purpose == "newsletter"]
    assert (asked.class_, asked.kinds) == ("ask", ("email", "name"))
    swap = ("collected by: [form.quote]", "collected by: [form.quote, form.news]")
    (asked,) = [change for change in changes(calder, base, swap) if change.purpose == "quotes"]
    assert (asked.class_, asked.kinds) == ("ask", ("name", "email"))


def test_data_of_earlier_versions_is_asked_about_too(base: str, calder: Policy) -> None:
    without = changed(base, ("version: 1", "version: 2"), ("phone: optional, ", ""))
    again = changed(
        base,
        ("version: 1", "version: 3"),
        ("may use: [name]\ncollected by: [form.news]", "may use: [name, phone]\ncollected by: [form.news, form.quote]"),
    )
    middle, new = sound(without), sound(again)
    (asked,) = [change for change in diff(middle, new, earlier=[calder]) if change.class_ == "ask"]
    assert "phone" in asked.kinds
    (asked,) = [change for change in diff(middle, new) if change.class_ == "ask"]
    assert "phone" not in asked.kinds


def test_new_sign_up_purpose_asks_by_its_own_question(base: str, calder: Policy) -> None:
    newsletter = "```rule\npurpose: newsletter\n"
    offers = (
        "```rule\npurpose: offers\ntitle: Offers\nneeds: [email]\ncollected by: [form.quote]\n"
        "choice: sign up\nmarketing: may\n```\n\n"
    )
    new = changed(base, V2, (newsletter, offers + newsletter))
    (asked,) = [change for change in diff(calder, sound(new)) if change.class_ == "ask"]
    assert asked.question == asked.purpose == "offers"


def test_questions_come_first(base: str, calder: Policy) -> None:
    found = changes(
        calder,
        base,
        ("We write to you when", "We send you a letter when"),
        ("phone: optional", "phone: required"),
        ("may use: [name]\ncollected by: [form.news]", "may use: [name]\ncollected by: [form.news, form.quote]"),
    )
    assert [change.class_ for change in found] == ["ask", "notify", "wording"]


def test_the_programs_words_can_be_translated(base: str, calder: Policy) -> None:
    new = sound(changed(base, V2, ("We write to you when", "We send you a letter when")))
    (change,) = diff(calder, new, say=lambda text: "§ %(title)s" if text.startswith("Clearer") else text)
    assert change.sentence == "§ Updates"


def test_a_later_version_of_the_same_meaning_may_follow(base: str, calder: Policy) -> None:
    later = ("effective: 2026-10-01", "effective: 2026-10-02")
    assert succession(calder, sound(changed(base, V2, later))) == ()


SWAPS = [swap for swap, _ in MATERIAL] + [
    ("may use: [name]\ncollected by: [form.news]", "may use: [name, phone]\ncollected by: [form.news, form.quote]"),
    ("may use: [phone, state]", "may use: [state]"),
    ("collected by: [form.quote]", "collected by: [form.quote, form.news]"),
    ("purpose: newsletter\n", "purpose: letters\n"),
]


@st.composite
def policies(draw: st.DrawFn) -> tuple[tuple[str, str], ...]:
    chosen = draw(st.lists(st.sampled_from(SWAPS), unique=True, max_size=4))
    return tuple(chosen)


def drawn(base: str, version: int, swaps: tuple[tuple[str, str], ...]) -> Policy:
    text = base.replace("version: 1", f"version: {version}")
    for old, new in swaps:
        text = text.replace(old, new, 1)
    draft = compile(confirm(text)).draft
    assert draft is not None
    return draft


@settings(max_examples=60, deadline=None)
@given(before=policies(), after=policies())
def test_whatever_the_law_leaves_unanswered_is_asked(
    base: str, before: tuple[tuple[str, str], ...], after: tuple[tuple[str, str], ...]
) -> None:
    old, new = drawn(base, 1, before), drawn(base, 2, after)
    assert diff(old, old) == ()
    found = diff(old, new)
    assert found == diff(old, new)
    asked = {(change.purpose, kind) for change in found if change.class_ == "ask" for kind in change.kinds}
    assert refused(old, new) <= asked


def refused(old: Policy, new: Policy) -> set[tuple[str | None, str]]:
    """Purpose and kind of each datum that the old version could collect and the new law will not use unasked."""
    law = Law({1: old, 2: new}, 2)
    return {
        (purpose.id, ask.kind)
        for purpose in new.purposes.values()
        for collect in old.collects.values()
        for ask in collect.asks
        if _code(law, purpose.id, ask.kind, collect.id) in ("unanswered", "not signed up")
        and law.find_introduction(purpose.id, ask.kind, collect.id) == 2
    }


def _code(law: Law, purpose: str, kind: str, channel: str) -> str:
    return decide(Facts(law, purpose, kind, Held(kind, channel, 1, None), (), NOW)).code
