"""What a new version means for people: by meaning, not by text."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.policy.texts import changed, sound

from troth.policy import Facts, Held, Law, Policy, compile, confirm, decide, diff, publish, succession
from troth.policy.classed import Change
from troth.policy.drafting import find_effective

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
NARROWS, NOTIFIES = "narrows", "notify"
KEPT = "dpv: TelephoneNumber\nkept: {for: 24"
_TO_DISTRIBUTORS = "For Newsletter, we now also give data, including data that we already hold, to another company that decides how to use it: Distributors."
PROVIDER, DISTRIBUTOR = "recipients: [provider.mail]", "recipients: [provider.mail, distributor]"
MATERIAL = [
    (
        (f"{KEPT} months, after: last contact", "dpv: TelephoneNumber\nkept: {for: 12 months, after: collection"),
        NARROWS,
        "Phone: now kept 12 months. It was 24 months after last contact.",
    ),
    (
        (f"{KEPT} months, after: last contact", "dpv: TelephoneNumber\nkept: {for: 12 months, after: request"),
        NOTIFIES,
        "Phone: now kept 12 months after the request. It was 24 months after last contact.",
    ),
    (
        (KEPT, "dpv: TelephoneNumber\nkept: {for: 12"),
        NARROWS,
        "Phone: now kept 12 months after last contact. It was 24 months after last contact.",
    ),
    (
        (KEPT, "dpv: TelephoneNumber\nkept: {for: 36"),
        NOTIFIES,
        "Phone: now kept 36 months after last contact. It was 24 months after last contact.",
    ),
    (
        ("recipients: [distributor, provider.mail]", "recipients: [distributor]"),
        NARROWS,
        "For Quotes, we no longer give data to: The provider that delivers our e-mail.",
    ),
    ((PROVIDER, DISTRIBUTOR), NOTIFIES, _TO_DISTRIBUTORS),
    (
        ("lifetime: 30 days", "lifetime: session"),
        NARROWS,
        "The cookie Asked before now lasts: Until you close the browser. It was: 30 days.",
    ),
    (
        ("lifetime: 30 days", "lifetime: 60 days"),
        NOTIFIES,
        "The cookie Asked before now lasts: 60 days. It was: 30 days.",
    ),
    (
        ("title: Asked before\npurpose: quotes", "title: Asked before\npurpose: newsletter"),
        NOTIFIES,
        "The cookie Asked before now serves another purpose: Newsletter.",
    ),
    (
        ("choice: none", "choice: opt out"),
        NARROWS,
        "Quotes: your choice is now “You can opt out at any time”. Before, it was “None: never marketing”.",
    ),
    (("marketing: may", "marketing: never"), NARROWS, "Newsletter no longer includes marketing."),
    (("phone: optional", "phone: required"), NOTIFIES, "“Ask for a quote” now requires: Phone."),
    (("email: required, phone", "email: optional, phone"), NARROWS, "“Ask for a quote” no longer requires: E-mail."),
    (("phone: optional, ", ""), NARROWS, "“Ask for a quote” no longer asks for: Phone."),
    (
        ("for: [newsletter]", "for: [newsletter]\napart: yes"),
        NARROWS,
        "“Sign up for the newsletter”: what comes in for one purpose is no longer used for the others: Newsletter.",
    ),
    (("[US, CA]", "[US]"), NARROWS, "“Ask for a quote” asks in fewer countries for: State."),
    (("[US, CA]", "[US, MX]"), NOTIFIES, "“Ask for a quote” asks in other countries for: State."),
    (
        ("- 1 Mill Lane", "- 2 Mill Lane"),
        NOTIFIES,
        "We changed our postal address. It’s now: 2 Mill Lane, Irvine, CA 92618. Before: 1 Mill Lane, Irvine, CA 92618.",
    ),
    (
        ("duty: Each version is announced", "duty: Each change is announced"),
        NOTIFIES,
        "We now describe how we keep a promise as “Each change is announced by one letter”. Before: “Each version is "
        "announced by one letter”.",
    ),
    (
        ("clock: {within: 30 days, from: received}", "duty: Promptly."),
        NOTIFIES,
        "We changed the time that we promise for “You can review and change your data at any time”. "
        "It’s now promptly. Before, it was within 30 days of receiving it.",
    ),
    (
        ("within: 30 days, from: received", "within: 10 days, from: received"),
        NARROWS,
        "We changed the time that we promise for “You can review and change your data at any time”. "
        "It’s now within 10 days of receiving it. Before, it was within 30 days of receiving it.",
    ),
    (
        ("{after: 1 hour,", "{after: 2 hours,"),
        NOTIFIES,
        "For Quotes, we now send this kind of email at another time or to someone else: “receipt”.",
    ),
    (
        ("letters:\n  receipt", "letters:\n  thanks"),
        NARROWS,
        "For Quotes, we no longer send this kind of email: “receipt”.",
    ),
    (
        (
            "needs: [name, email, country, need]\nmay use: [phone",
            "needs: [name, email]\nmay use: [country, need, phone",
        ),
        NARROWS,
        "For Quotes, we no longer need this data: Country and What you need.",
    ),
    (("values: [quote, service]", "values: [quote]"), NARROWS, "What you need can no longer be: service."),
    (
        ("values: [quote, service]", "values: [quote, service, other]"),
        NOTIFIES,
        "What you need can now also be: other.",
    ),
    (("may use: [name]\n", ""), NARROWS, "For Newsletter, we use less of this data than before: Name."),
    (
        ("dpv: RequestedServiceProvision", "dpv: Marketing"),
        NOTIFIES,
        "Quotes is now recorded as Marketing. It was recorded as RequestedServiceProvision.",
    ),
    (
        ("title: Distributors", "title: Dealers"),
        NOTIFIES,
        "The recipient “Distributors” is now called “Dealers”.",
    ),
    (("third party: yes", "third party: no"), NARROWS, "Distributors no longer counts as a third party."),
    # One that worked for us and now decides is another company; so is what it receives.
    (
        ("is: provider\nthird party: no", "is: partner\nthird party: yes"),
        NOTIFIES,
        "For Newsletter, we now also give data, including data that we already hold, to another company that decides "
        "how to use it: The provider that delivers our e-mail.",
    ),
    (
        ("is: provider\nthird party: no", "is: partner\nthird party: yes"),
        NOTIFIES,
        "The provider that delivers our e-mail: its role is now “decides on the data itself”. "
        "It was “works for us under contract”.",
    ),
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


@pytest.mark.parametrize(("swap", "class_", "sentence"), MATERIAL, ids=lambda value: str(value)[:40])
def test_what_uses_nothing_anew_says_exactly_what_changed(
    swap: tuple[str, str], class_: str, sentence: str, base: str, calder: Policy
) -> None:
    found = changes(calder, base, swap)
    assert (class_, sentence) in [(change.class_, change.sentence) for change in found]
    assert all(change.question is None for change in found)


@pytest.mark.parametrize(
    ("declared", "class_", "sentence"),
    [
        ("", "wording", "We reworded “Updates”. No rule in it changed."),
        ("P1: wording", "wording", "The text of “Updates” has changed. We declare this a change of wording."),
        ("P1: material", "notify", "The text of “Updates” has changed. We declare this a material change."),
    ],
)
def test_other_words_for_the_same_rules_are_shown_and_classed_as_their_author_declares(
    declared: str, class_: str, sentence: str, base: str, calder: Policy
) -> None:
    front = ("effective: 2026-10-01", f"effective: 2026-10-01\nchanges: {{{declared}}}")
    (found,) = changes(calder, base, front, ("We write to you when", "We send you a letter when"))
    assert (found.class_, found.section, found.sentence) == (class_, "P1", sentence)
    assert found.before == "We write to you when this policy changes."
    assert found.after == "We send you a letter when this policy changes."


@pytest.mark.parametrize(
    ("declared", "class_"), [("", "notify"), ("P1: wording", "refused"), ("P1: material", "notify")]
)
@pytest.mark.parametrize("now", ["promptly", "within 46 days"])
def test_a_time_that_prose_no_longer_states_is_no_wording(declared: str, class_: str, now: str, base: str) -> None:
    said = "We write to you when this policy changes."
    before = sound(changed(base, (said, f"We answer letters within 45 days. {said}")))
    front = ("effective: 2026-10-01", f"effective: 2026-10-01\nchanges: {{{declared}}}")
    (found,) = changes(before, base, front, (said, f"We answer letters {now}. {said}"))
    assert (found.class_, found.before, found.after) == (
        class_,
        "We answer letters within 45 days.",
        f"We answer letters {now}.",
    )
    if declared != "P1: material":
        assert "“45 days”" in found.sentence
        assert f"“We answer letters {now}." in found.sentence


def test_a_time_lost_beside_a_renamed_heading_or_with_its_section_is_told(base: str) -> None:
    more = ("{#P1}\n", "{#X1}\n## Answers\n\n{.information}\nAn answer by mail takes 45 days at most.\n\n{#P1}\n")
    before = sound(changed(base, more))
    (gone,) = changes(before, base)
    assert (gone.class_, gone.sentence) == ("notify", "The text of “Answers” no longer says “45 days”.")
    moved = ("We write to you when", "An answer by mail takes 45 days at most. We write to you when")
    assert {each.class_ for each in changes(before, base, moved)} == {"wording"}


def test_a_time_in_german_prose_is_no_wording_either(base: str) -> None:
    german = ("language: en", "language: de")
    said = "We write to you when this policy changes."
    before = sound(changed(base, german, (said, f"Wir antworten innerhalb von 45 Tagen. {said}")))
    (found,) = changes(before, base, german, (said, f"Wir antworten unverzüglich. {said}"))
    assert (found.class_, "“45 Tagen”" in found.sentence) == ("notify", True)


def test_a_section_with_another_title_is_told_once_under_its_new_title(base: str, calder: Policy) -> None:
    (found,) = changes(calder, base, ("# Updates\n", "# Policy updates\n"))
    assert (found.section, found.before, found.after) == ("P1", "Updates", "Policy updates")
    assert "“Policy updates”" in found.sentence


def test_a_recipient_of_fewer_products_narrows_and_of_more_notifies(base: str, calder: Policy) -> None:
    def serving(products: str) -> str:
        return changed(base, ("title: Distributors\n", f"title: Distributors\nproducts: {{{products}}}\n"))

    one, both = serving("saws: Saws"), serving("saws: Saws, drills: Drills")
    (fewer,) = changes(calder, one)
    assert (fewer.class_, fewer.sentence) == (
        "narrows",
        "Distributors now receives data about: Saws. It was: all products.",
    )
    assert [change.class_ for change in changes(sound(one), both)] == ["notify"]
    assert [change.class_ for change in changes(sound(one), serving("saws: Handsaws"))] == ["wording"]
    page = publish(sound(both))
    given = {each for section in page.sections for part in section.parts for each in getattr(part, "given_to", ())}
    assert "Distributors (only about Saws and Drills)" in given


def test_what_can_follow_under_no_id_is_refused(base: str, calder: Policy) -> None:
    swap = ("choice: sign up\nmarketing: may", "choice: none\nmarketing: may")
    refused = [change for change in changes(calder, base, swap) if change.class_ == "refused"]
    assert [change.section for change in refused] == ["U4"]
    assert "now has “none”" in refused[0].sentence
    assert "id of its own" in refused[0].sentence


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        (
            "Tax law asks for it.",
            "Tax law requires it.",
            [
                "wording: Phone: what requires us to keep it is now described as “Tax law requires it”. It was “Tax law "
                "asks for it”."
            ],
        ),
        (
            "",
            "Tax law requires it.",
            ["notify: Phone: a law now requires us to keep it, even if you ask us to delete it."],
        ),
        ("Tax law requires it.", "", ["narrows: Phone: no law requires us to keep it anymore."]),
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
    assert asked.sentence == "Newsletter would also use E-mail, Name and Phone that we already hold."


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
    assert any(
        change.sentence == "For Quotes, we now also use this data, if you give it to us from now on: Fax."
        for change in found
    )


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
    (change,) = diff(calder, new, say=lambda text: "§ %(title)s" if text.startswith("We reworded") else text)
    assert change.sentence == "§ Updates"


def test_a_later_version_of_the_same_meaning_may_follow(base: str, calder: Policy) -> None:
    later = ("effective: 2026-10-01", "effective: 2026-10-02")
    assert succession(calder, sound(changed(base, V2, later))) == ()


SWAPS = [swap for swap, _, _ in MATERIAL] + [
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


@settings(max_examples=60)
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


ANNOUNCED = (
    ("We write to you when this policy changes.", "We write to you at least 30 days before this policy changes."),
    ("duty: Each version is announced by one letter.", "clock: {at least: 30 days, before: a new version}"),
)
FASTER = (
    ("We answer within 30 days.", "We answer within 20 days."),
    ("{within: 30 days, from: received}", "{within: 20 days, from: received}"),
)


def test_a_version_follows_as_much_later_as_the_one_before_promises_to_announce_it(base: str) -> None:
    promising = sound(changed(base, *ANNOUNCED))
    soon = sound(changed(base, V2, ("2026-10-01", "2026-11-01"), *ANNOUNCED, *FASTER))
    assert [each.id for each in succession(promising, soon, announced=date(2026, 10, 2))] == ["notice-too-short"]
    assert succession(promising, soon, announced=date(2026, 10, 1)) == ()
    assert find_effective(promising, today=date(2026, 10, 2)) == date(2026, 11, 2)
    words = sound(changed(base, V2, ("2026-10-01", "2026-10-03"), *ANNOUNCED, ("title: Phone\n", "title: Telephone\n")))
    assert succession(promising, words, announced=date(2026, 10, 2)) == ()


def test_a_longer_notice_is_a_better_promise(base: str) -> None:
    shorter = sound(changed(base, *ANNOUNCED))
    longer = sound(changed(base, *[(old, new.replace("30 days", "60 days")) for old, new in ANNOUNCED]))
    for was, is_, class_ in ((shorter, longer, NARROWS), (longer, shorter, NOTIFIES)):
        assert class_ in [each.class_ for each in diff(was, is_) if "before a new version" in each.sentence]
