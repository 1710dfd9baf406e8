"""A choice that differs by where people live: who has which, what the page says, and what a new version may change."""

from datetime import UTC, datetime

import pytest
from tests.policy.texts import changed, sound

from troth.policy import Facts, Held, Law, Policy, compile, decide, diff, find_say, succession
from troth.policy.phrases import choice_words

NOW = datetime(2026, 11, 2, tzinfo=UTC)
V2 = (("version: 1", "version: 2"), ("effective: 2026-10-01", "effective: 2026-11-01"))
SAME = "choice: none\nmarketing: never"
BY_REGION = "choice: {EEA: sign up, US-CA: sign up, US: opt out, else: none}\nmarketing: never"


@pytest.fixture(scope="module")
def calder_by_region(calder: Policy) -> Policy:
    return sound(changed(calder.text, (SAME, BY_REGION)))


@pytest.mark.parametrize(
    ("region", "choice"),
    [
        ("EEA", "sign up"),
        ("UK", "none"),
        ("CA", "none"),
        ("US-CA", "sign up"),
        ("US-TX", "opt out"),
        ("US", "sign up"),
        ("else", "none"),
        ("", "sign up"),
        ("US-PR", "sign up"),
    ],
)
def test_everyone_has_the_choice_of_their_region_and_the_unknown_the_strictest(
    calder_by_region: Policy, region: str, choice: str
) -> None:
    assert calder_by_region.purposes["quotes"].choice_in(region) == choice
    assert calder_by_region.purposes["quotes"].choices.get(region, "sign up") == choice


def test_the_law_asks_where_the_person_lives(calder_by_region: Policy) -> None:
    held, law = Held("email", "form.quote", 1, None), Law({1: calder_by_region}, 1)
    codes = [
        decide(Facts(law, "quotes", "email", held, (), NOW, region=region)).code for region in ("EEA", "US-TX", "")
    ]
    assert codes == ["not signed up", "stated", "not signed up"]


def test_the_page_says_who_has_which_choice_in_both_languages(calder_by_region: Policy) -> None:
    quotes = calder_by_region.purposes["quotes"]
    assert choice_words(quotes) == (
        "Only if you sign up (in the European Economic Area, in the US state of California, if we don’t know where you "
        "live). You can opt out at any time (in the United States). None: never marketing (everywhere else)"
    )
    assert "überall sonst" in choice_words(quotes, find_say("de"))


def test_less_choice_in_one_region_is_refused_and_more_narrows(calder: Policy, calder_by_region: Policy) -> None:
    weaker = sound(changed(calder_by_region.text, *V2, ("US-CA: sign up, US", "US")))
    (refused,) = [found for found in succession(calder_by_region, weaker) if found.id == "purpose-choice-weakened"]
    assert "“sign up (US)” in version 1, and now has “opt out (US)”" in refused.message
    stricter = sound(changed(calder_by_region.text, *V2, ("else: none", "else: opt out")))
    assert succession(calder_by_region, stricter) == ()
    assert [change.class_ for change in diff(calder_by_region, stricter)] == ["narrows"]
    assert [change.class_ for change in diff(calder, sound(changed(calder_by_region.text, *V2)))] == ["narrows"]


def test_the_gdpr_asks_for_the_choice_of_its_own_region(calder_by_region: Policy) -> None:
    text = calder_by_region.text.replace("version: 1", "version: 1\nlaws: [california, gdpr]")
    text = text.replace(BY_REGION, f"{BY_REGION}\nbasis: consent")
    assert "consent-without-sign-up" not in {found.id for found in compile(text).findings}
    text = text.replace("EEA: sign up", "EEA: opt out")
    assert "consent-without-sign-up" in {found.id for found in compile(text).findings}
