"""Times in prose are read by their value, in words and figures, and each belongs to the thing next to it."""

import re
from dataclasses import fields
from pathlib import Path

import pytest
from tests.policy.texts import changed

from troth.policy import Duration, compile
from troth.policy.lexicon import Lexicon, Pattern, find_lexicon
from troth.policy.sentences import list_sentences, split_sentences
from troth.policy.stated import find_of_title, find_times, match

HERE = Path(__file__).parent
REFERENCE = HERE.parent.parent / "examples" / "optiproerp"


def read(text: str, language: str = "en") -> list[str]:
    lexicon = find_lexicon(language)
    assert lexicon is not None
    return [str(found.time) for found in find_times(text, lexicon)]


@pytest.mark.parametrize(
    ("text", "times"),
    [
        ("for eighteen months", ["18 months"]),
        ("within thirty (30) days", ["30 days"]),
        ("within forty-five (45) calendar days", ["45 days"]),
        ("twenty four months, or twenty-four hours", ["24 months", "24 hours"]),
        ("a year and an hour", ["1 year", "1 hour"]),
        ("a 24-month period", ["24 months"]),
        ("If we need 45 more days", ["45 days"]),
        ("within 10 business days, or two working days", ["10 business days", "2 business days"]),
        ("30–120 days, 3.7 days, version 2 of day 3, a daily dose", ["30 days", "120 days"]),
        ("12 to 24 months, between one and two years", ["12 months", "24 months", "1 year", "2 years"]),
        (
            "twelve-to-eighteen months, in 5 or 10 business days",
            ["12 months", "18 months", "5 business days", "10 business days"],
        ),
        ("one and a half years, or 1.5 years, or 1½ years", ["18 months"] * 3),
        (
            "one and a half (1.5) years, a year and a half, two-and-a-half years",
            ["18 months", "18 months", "30 months"],
        ),
        ("half a year, or a half day, 3.5 days", ["6 months", "12 hours", "84 hours"]),
        ("a month and a half", []),
        ("in one hundred eighty days", ["180 days"]),
        (
            "a fortnight, two dozen months, a quarter, half a dozen weeks",
            ["2 weeks", "24 months", "3 months", "6 weeks"],
        ),
        ("a couple of weeks, several years", []),
    ],
)
def test_times_are_read_in_words_and_figures(text: str, times: list[str]) -> None:
    assert read(text) == times


@pytest.mark.parametrize(
    ("text", "times"),
    [
        ("24 Monate lang", ["24 months"]),
        ("binnen dreißig (30) Tagen", ["30 days"]),
        ("innerhalb von zehn Werktagen", ["10 business days"]),
        ("ein Jahr, fünfundvierzig Tage", ["1 year", "45 days"]),
        ("anderthalb Jahre, eineinhalb oder zweieinhalb Jahre", ["18 months", "30 months"]),
        ("ein halbes Jahr, 1,5 Jahre", ["6 months", "18 months"]),
        ("zwei Quartale, ein Vierteljahr", ["6 months", "3 months"]),
    ],
)
def test_times_are_read_in_german(text: str, times: list[str]) -> None:
    assert read(text, "de-AT") == times


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("24 hours", "1 day", True),
        ("24 months", "2 years", True),
        ("2 weeks", "14 days", True),
        ("30 days", "1 month", False),
        ("365 days", "1 year", False),
        ("5 business days", "1 week", False),
    ],
)
def test_times_are_equal_by_value(one: str, other: str, *, same: bool) -> None:
    first, second = Duration.read(one), Duration.read(other)
    assert first
    assert second
    assert match(first, [second]) is same


@pytest.mark.parametrize(
    ("title", "times"),
    [
        ("Phone", ["1 year"]),
        ("Postal address", ["7 years", "7 years"]),
        ("Email address", ["2 years"]),
        ("Role", ["3 months"]),
        ("Shoe size", ["2 years", "1 year", "7 years", "7 years", "3 months"]),
    ],
)
def test_each_time_belongs_to_the_thing_next_to_it(title: str, times: list[str]) -> None:
    prose = (
        "We keep your email address for two years, your phone number for one year and your postal address for seven years.\n\n"
        "- Your postal address is kept for 7 years.\n- For three months we keep your role."
    )
    lexicon = find_lexicon("en")
    assert lexicon is not None
    assert [str(time) for time in find_of_title(title, list_sentences(prose), lexicon)] == times


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("保存します。売りません。", 2),
        ("हम डेटा रखते हैं। हम बेचते नहीं।", 2),
        ("نحتفظ بالبيانات. لا نبيعها؟ نعم.", 3),
        ("Use e.g. this page. It ends after 3.5 days. Done.", 3),
        ("Our officer is Dr. Annika Sommer. Art. 13 applies, as does No. 5.", 2),
    ],
)
def test_sentences_end_in_every_script(text: str, sentences: int) -> None:
    assert len(split_sentences(text)) == sentences


@pytest.mark.parametrize(
    ("language", "title", "prose"),
    [
        ("ja", "お知らせ", "お知らせは、登録した方だけに送ります。"),
        ("ar", "النشرة", "لا تصلك نشرتنا الا اذا اشتركت فيها."),
        ("hi", "समाचार पत्र", "समाचार पत्र केवल तब आता है जब आप साइन अप करते हैं।"),
    ],
)
def test_prose_of_other_scripts_draws_no_false_findings(language: str, title: str, prose: str, base: str) -> None:
    text = changed(
        base,
        ("language: en", f"language: {language}"),
        ("title: Newsletter", f"title: {title}"),
        ("title: E-mail", "title: メール"),
        ("title: Name", "title: الاسم"),
        ("- Your name, e-mail address and", "- メール, الاسم and"),
        ("A newsletter comes only if you sign up for it. It may carry offers.", prose),
        ("purpose: newsletter", "purpose: n1"),
        ("for: [newsletter]", "for: [n1]"),
    )
    assert compile(text).findings == ()


APART = """{#R1}
## How long we keep data
SAID

```rule
promise: retention.kept
duty: Data is deleted after these times.
```

{#P1}
"""


@pytest.mark.parametrize(
    ("said", "wrong"),
    [
        ("We keep your name for 24 months. Your phone number is deleted after 12 months.", []),
        ("- We keep your name, country and e-mail for two years.\n- We delete your phone number after a year.", []),
        ("We keep your name for 24 months, and your phone number for 12 months.", []),
        ("We keep contact data for 24 months.", ["24 months"]),
        ("We keep your name for 24 months. Your phone number is deleted after 18 months.", ["18 months"]),
        ("We keep your name for 12 months, and your phone number for 24 months.", ["12 months", "24 months"]),
        ("We delete your name and its backup copies after 12 months.", ["12 months"]),
        ("Your name is kept for 12 months, and in backups for 3 months.", ["12 months"]),
    ],
)
def test_times_in_a_section_of_their_own_are_those_of_the_kinds_that_they_are_next_to(
    said: str, wrong: list[str], base: str
) -> None:
    """Kinds are declared under “What we hold”, which states the time of an answer and none of keeping."""
    phone = "title: Phone\ntype: phone\nclass: identifying\ndpv: TelephoneNumber\nkept: {for: "
    text = changed(
        base,
        ("- Your name, e-mail address and phone number are kept for 24 months after our last contact.", "ALL"),
        ("ALL\n- Your country and state, and what you need, too.", "We hold your phone number. We answer in 30 days."),
        (f"{phone}24", f"{phone}12"),
        ("{#P1}\n", APART.replace("SAID", said)),
    )
    found = [each for each in compile(text).findings if each.id == "stated-time-without-rule"]
    assert [time for each in found for time in re.findall(r"prose says (\d+ months)", each.message)] == wrong


def test_each_row_of_a_table_about_keeping_is_read_by_itself(base: str) -> None:
    table = "| Data | Retention period |\n| --- | --- |\n| Shoe sizes | 18 months |\n| Phone numbers | 24 months |\n"
    text = changed(base, ("- Your name, e-mail", f"{table}\n- Your name, e-mail"))
    found = [finding for finding in compile(text).findings if finding.severity == "error"]
    assert [(each.id, each.message.partition("“")[2]) for each in found] == [
        ("stated-time-without-rule", "Shoe sizes | 18 months”")
    ]


@pytest.mark.parametrize(
    "said",
    [
        "We do not use what you write, your messages or your files to train models.",
        "We prohibit our providers from training models on your data.",
        "We do not disclose your e-mail address or your name to advertisers.",
        "We do not share data with third parties without telling you.",
        "In the preceding 12 months we have stored no other data.",
        "We keep your phone number for no longer than two years.",
        "Backup copies of your phone number are deleted after 35 days.",
        "After 35 days, backups of your phone number are deleted.",
        "We keep your phone number for 24 months, and its back-ups for 35 days.",
    ],
)
def test_what_is_true_of_the_rules_draws_no_finding(said: str, base: str) -> None:
    compiled = compile(changed(base, ("It may carry offers.", f"It may carry offers. {said}")))
    assert compiled.findings == compile(changed(base)).findings


@pytest.mark.parametrize(
    ("said", "wrong"),
    [
        ("Backup copies of your e-mail are deleted after 35 days.", []),
        ("Your e-mail is removed from our backups within 35 days.", []),
        ("Your e-mail is deleted after 35 days, and so is each backup.", ["35 days"]),
        ("Your e-mail and its backup copies are deleted after 35 days.", ["35 days"]),
    ],
)
def test_a_time_of_backup_copies_is_not_that_of_what_they_are_made_of(said: str, wrong: list[str], base: str) -> None:
    """The kind is kept for 24 months: a prose that names it with another time contradicts the rule."""
    text = changed(base, ("- Your country and state, and what you need, too.", f"- {said}"))
    found = [each for each in compile(text).findings if each.id in ("time-not-in-prose", "stated-time-without-rule")]
    assert sorted({time for each in found for time in re.findall(r"35 days", each.message)}) == wrong


def test_a_heading_names_all_kinds_that_are_declared_under_it(base: str) -> None:
    said = APART.replace("SAID", "We keep the data that we hold for 24 months.")
    text = changed(base, ("## What we hold", "## Data we hold"), ("{#P1}\n", said))
    assert "stated-time-without-rule" not in {each.id for each in compile(text).findings}
    shorter = changed(text, ("dpv: Name\nkept: {for: 24 months", "dpv: Name\nkept: {for: 12 months"))
    assert "stated-time-without-rule" in {each.id for each in compile(shorter).findings}


def test_no_hint_keeps_a_pattern_from_being_found() -> None:
    """A pattern with hints is tried on sentences with one of them alone: they have to hold one wherever it is found."""
    known = {language: find_lexicon(language) for language in ("en", "de")}
    paths = (*REFERENCE.rglob("*.md"), *(HERE / "cases").glob("*.yaml"), *(HERE / "real").glob("*.*"))
    sentences = {each for path in paths for each in re.split(r"(?<=[.!?\"”])\s+|\n\s*\n", path.read_text())}
    patterns = {(of, field.name): getattr(known[of], field.name) for of in known for field in fields(Lexicon)}
    hinted = {name: pattern for name, pattern in patterns.items() if isinstance(pattern, Pattern)}
    missed = [(name, each) for each in sentences for name, pattern in hinted.items() if pattern.misses(each)]
    assert missed == []
    assert Pattern(re.compile("sold"), hints=["sell"]).misses("It is sold.")
