"""The page is made from the rules that run: prose, tables, sources, differences, linked data."""

import json
from html.parser import HTMLParser

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.policy.texts import changed, sound

from troth.policy import (
    Page,
    PageProse,
    PageRules,
    PageSection,
    Policy,
    compile_translation,
    find_say,
    jsonld,
    publish,
    translate,
)
from troth.policy.marking import mark_changes
from troth.policy.markup import render as html
from troth.policy.writing import write_document


def section(page: Page, anchor: str) -> PageSection:
    return next(one for one in page.sections if one.anchor == anchor)


def tables(page: Page, anchor: str) -> list[PageRules]:
    return [part for part in section(page, anchor).parts if isinstance(part, PageRules)]


def prose(page: Page, anchor: str) -> list[PageProse]:
    return [part for part in section(page, anchor).parts if isinstance(part, PageProse)]


def test_table_of_a_purpose_says_kind_purpose_choice_and_time(calder: Policy) -> None:
    (table,) = tables(publish(calder), "U4")
    (row,) = table.rows
    assert (row.kind, row.purpose, row.choice, row.kept_for) == (
        "E-mail, name",
        "Newsletter",
        "Only if you sign up",
        "24 months after last contact",
    )
    assert (row.kinds, row.purposes) == (("email", "name"), ("newsletter",))
    assert table.given_to == ("The provider that delivers our e-mail",)


def test_table_of_a_form_says_what_is_needed(calder: Policy) -> None:
    (table,) = tables(publish(calder), "C1")
    assert [(row.kind, row.choice, row.purpose) for row in table.rows] == [
        ("Name, e-mail, country, what you need", "Required", "Quotes"),
        ("Phone, state", "Optional", "Quotes"),
        ("E-mail", "Required", "Newsletter"),
        ("Name", "Optional", "Newsletter"),
    ]


def test_cookies_and_promises_stand_under_their_prose(calder: Policy) -> None:
    (table,) = tables(publish(calder), "C9")
    assert [(row.kind, row.kept_for) for row in table.rows] == [("Cookie “Asked before”", "30 days")]
    assert table.promises == ("At most 120 days",)
    assert tables(publish(calder), "A1")[0].promises == (
        "A person sees and changes what is held.",
        "Within 30 days of receiving it",
    )


def test_source_of_each_rule_is_there(calder: Policy) -> None:
    (table,) = tables(publish(calder), "U6")
    assert [(source.type, source.id) for source in table.sources] == [
        ("purpose", "quotes"),
        ("recipient", "distributor"),
        ("recipient", "provider.mail"),
    ]
    assert table.sources[0].text.startswith("purpose: quotes\n")
    assert "receipt: {after: 1 hour, of: [request received]}" in table.sources[0].text


def test_contents_list_every_section_with_an_anchor(calder: Policy, reference: str) -> None:
    page = publish(calder)
    assert page.title == "Privacy policy"
    assert [entry.anchor for entry in page.contents] == ["C1", "H1", "U4", "U6", "C9", "A1", "L1", "P1"]
    nested = publish(sound(reference)).contents
    uses = next(entry for entry in nested if entry.anchor == "uses")
    assert [entry.anchor for entry in uses.entries] == [f"U{number}" for number in range(1, 9)]


def test_information_is_marked(calder: Policy) -> None:
    page = publish(calder)
    assert page.sections[0].parts[0] == PageProse(
        "<p>We make tools, and this page says what becomes of what you tell us.</p>", information=True, changed=False
    )
    assert not prose(page, "U6")[0].information


def test_difference_stands_in_the_prose(base: str, calder: Policy) -> None:
    new = sound(
        changed(
            base,
            ("version: 1", "version: 2"),
            ("It may carry offers.", "It never carries offers."),
            ("- Your country and state, and what you need, too.\n", "- Your country and state, too.\n"),
            ("choice: sign up\nmarketing: may", "choice: sign up\nmarketing: never"),
        )
    )
    page = publish(new, calder)
    assert page.compared_with == 1
    assert prose(page, "U4")[0].html == (
        "<p>A newsletter comes only if you sign up for it. It <del>may carry</del> <ins>never carries</ins> offers.</p>"
    )
    assert "<li>Your country and state, <del>and what you need,</del> too.</li>" in prose(page, "H1")[0].html
    assert section(page, "U4").changed
    assert not section(page, "U6").changed
    assert next(entry for entry in page.contents if entry.anchor == "U4").changed
    assert [change.sentence for change in page.changes if change.section == "U4"] == [
        "Newsletter no longer includes marketing."
    ]


@pytest.mark.asvs("V1.3.5")
@pytest.mark.parametrize(
    ("markdown", "never"),
    [
        ("<script>alert(1)</script>", "<script"),
        ("[click](javascript:alert(1))", "href"),
        ("![spy](https://elsewhere.example/pixel.png)", "<img"),
        ("<img src=x onerror=y>", "<img"),
        ("[a](https://a.example '\" onclick=\"x')", ' onclick="'),
        ('{onclick="x"}\npara', "<p onclick"),
    ],
)
def test_prose_cannot_carry_scripts_or_pictures(markdown: str, never: str) -> None:
    assert never not in html(markdown)
    for shown, _ in mark_changes(["Something else."], [markdown], html):
        assert never not in shown


def test_page_of_a_translation_has_its_prose_and_the_same_tables(calder: Policy, german: str) -> None:
    translated = compile_translation(calder, german)
    assert translated.translation is not None, translated.findings
    page = publish(translate(calder, translated.translation), say=find_say("de"))
    assert (page.language, page.labels["kept"]) == ("de", "Aufbewahrung")
    assert "an den Händler" in prose(page, "U6")[0].html
    (table,) = tables(page, "U4")
    assert (table.rows[0].choice, table.rows[0].kept_for) == (
        "Nur wenn Sie sich anmelden",
        "24 Monate nach dem letzten Kontakt",
    )
    assert [row.kinds for row in table.rows] == [row.kinds for row in tables(publish(calder), "U4")[0].rows]
    assert translated.translation.sentence("P1") == "Wir schreiben Ihnen, wenn sich das ändert."
    assert [entry.title for entry in page.contents][:2] == ["Formulare", "Was wir halten"]


def test_the_programs_words_can_be_said_in_another_language(calder: Policy) -> None:
    words = {"%(number)s months": "%(number)s Monate", "%(time)s after last contact": "%(time)s nach letztem Kontakt"}
    (table,) = tables(publish(calder, say=lambda text: words.get(text, text)), "U4")
    assert table.rows[0].kept_for == "24 Monate nach letztem Kontakt"


def test_linked_data_names_purposes_data_and_recipients(calder: Policy) -> None:
    notice = jsonld(calder, base="https://calder.example/policy")
    assert json.loads(json.dumps(notice)) == notice
    assert notice["@type"] == "dpv:PrivacyNotice"
    quotes = next(process for process in notice["dpv:hasProcess"] if process["dct:title"] == "Quotes")
    assert quotes["dpv:hasPurpose"]["@type"] == "dpv:RequestedServiceProvision"
    assert "pd:EmailAddress" in [type for data in quotes["dpv:hasPersonalData"] for type in data["@type"]]
    assert [one["@type"] for one in quotes["dpv:hasRecipient"]] == [
        ["dpv:Recipient", "dpv:ThirdParty"],
        ["dpv:DataProcessor"],
    ]
    assert quotes["dct:isPartOf"] == {"@id": "https://calder.example/policy#U6"}
    newsletter = next(process for process in notice["dpv:hasProcess"] if process["dct:title"] == "Newsletter")
    assert newsletter["dpv:hasLegalBasis"] == {"@type": "dpv:Consent"}


class Balanced(HTMLParser):
    """Fails on tags that do not close in order."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: object) -> None:
        if tag not in ("br", "hr"):
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


PARAGRAPHS = st.lists(
    st.one_of(
        st.text("ab .<&", min_size=1, max_size=12),
        st.sampled_from(
            ["*a* b", "**a b**", "- a\n- b", "- a\n- c", "1. a\n2. b", "[a](/b)", "`a` & b", "a < b", "> a"]
        ),
    ),
    max_size=5,
)


@settings(max_examples=200)
@given(old=PARAGRAPHS, new=PARAGRAPHS)
def test_marked_prose_is_balanced_and_unchanged_prose_is_unmarked(old: list[str], new: list[str]) -> None:
    shown = mark_changes(old, new, html)
    assert len(shown) == len(new)
    for text, changed_ in shown:
        parser = Balanced()
        parser.feed(text)
        parser.close()
        assert not parser.open
        assert changed_ or "<ins>" not in text
    assert [text for text, _ in mark_changes(new, new, html)] == [html(text) for text in new]


@pytest.mark.parametrize(
    ("old", "new", "shown"),
    [
        ("The quick fox", "A quick fox", "<p><del>The</del> <ins>A</ins> quick fox</p>"),
        ("The quick fox", "quick fox", "<p><del>The</del> quick fox</p>"),
        (
            "**Answers.** See [your requests](/r), in 45 days & more.",
            "**Answers.** See [your letters](/r), in 30 days & more.",
            '<p><strong>Answers.</strong> See <a href="/r">your <del>requests</del> <ins>letters</ins></a>, in '
            "<del>45</del> <ins>30</ins> days &amp; more.</p>",
        ),
        ("We keep *it*.", "We keep it.", "<p>We keep <em><del>it</del></em><del>.</del> <ins>it.</ins></p>"),
        (
            "- **a**\n- b",
            "- **c**\n- [d](/d)\n- b",
            "<ul>\n<li><strong><del>a</del> <ins>c</ins></strong></li>\n"
            '<li><ins><a href="/d">d</a></ins></li>\n<li>b</li>\n</ul>',
        ),
        ("1. a\n   - b", "1. a\n   - c", "<ol>\n<li>a\n<ul>\n<li><del>b</del> <ins>c</ins></li>\n</ul>\n</li>\n</ol>"),
        ("a", "- a", "<del><p>a</p></del><ins><ul>\n<li>a</li>\n</ul></ins>"),
    ],
)
def test_words_are_compared_within_links_bold_and_lists(old: str, new: str, shown: str) -> None:
    assert mark_changes([old], [new], html) == [(shown, True)]


def test_legal_markdown_is_on_the_page_as_its_author_means_it(base: str) -> None:
    policy = sound(
        changed(
            base,
            ("## Newsletter\n", "## 4.2. Newsletter\n"),
            (
                "A newsletter comes only if you sign up for it. It may carry offers.",
                "A newsletter comes only if you sign up for it.[^1] It may carry [offers][kinds of offers].\n"
                "<!-- Ask counsel about\n\nthis -->\n"
                "[^1]: At least sixteen years old.\n\n"
                "| What | When |\n|---|---|\n| Offers<br>and news | often |\n\n"
                "- Offers\n  1. of ours\n  2. of others",
            ),
            ("## Quotes\n", "## Quotes\n\n[Kinds of offers]: https://calder.example/offers\n"),
        )
    )
    page = publish(policy)
    shown = section(page, "U4")
    text = "".join(part.html for part in prose(page, "U4"))
    assert shown.title == "4.2. Newsletter"
    assert '<sup><a href="#note-1">1</a></sup>' in text
    assert '<sup id="note-1">1</sup> At least sixteen years old.' in text
    assert '<a href="https://calder.example/offers">offers</a>' in text
    assert "<td>Offers<br />\nand news</td>" in text
    assert "<li>Offers\n<ol>\n<li>of ours</li>" in text
    assert "counsel" not in text
    assert policy.purposes["newsletter"].quotation == "A newsletter comes only if you sign up for it."


def test_a_page_is_written_in_the_direction_of_its_language(base: str) -> None:
    assert publish(sound(base)).direction == "ltr"
    page = publish(sound(changed(base, ("language: en", "language: ar"))))
    assert (page.language, page.direction) == ("ar", "rtl")
    assert '<html lang="ar" dir="rtl">' in write_document(page)
