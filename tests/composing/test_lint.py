"""Emails use nothing that a mail program lacks, except where the email loses nothing by it."""

import re
from pathlib import Path

import pytest

from troth.composing import Composed, compose, lint, to_html
from troth.outbox.emails import EmailKind

SRC = Path(__file__).parents[2] / "src" / "troth"
TEMPLATES = sorted([*SRC.glob("**/templates/**/emails/*.html"), SRC / "outbox/templates/outbox/email.html"])
ALL_BLOCKS = (
    "# A heading\n\nWords, **strong** and *soft*, [linked](/a/).\n\n- one\n- two\n\n---\n\n![A chart](chart.png)\n\n"
    "::: event 2026-12-09 Lot recall\nBring data.\n:::\n\n::: offer\nHalf price.\n:::\n"
)


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(SRC)))
def test_no_email_uses_what_mail_programs_lack(path):
    html = re.sub(r"\{%.*?%\}|\{\{.*?\}\}", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)
    assert lint.find_lacking(html) == []


def test_no_block_uses_what_mail_programs_lack():
    composed = compose("Every block", ALL_BLOCKS, kind=EmailKind.MARKETING, saved=True)
    assert isinstance(composed, Composed), composed
    assert lint.find_lacking(to_html(composed, base="https://example.org")) == []


@pytest.mark.parametrize(
    ("planted", "title"),
    [
        ("<video src='a.mp4'></video>", "<video> element"),
        ("<p style='position: absolute'>x</p>", "position"),
        ("<style>p { display: grid }</style>", "display:grid"),
        ("<form><input></form>", "<form> element"),
        ("<svg></svg>", "Embedded <svg> image"),
        ("<style>@import 'a.css';</style>", "@import"),
    ],
)
def test_what_they_lack_is_found(planted, title):
    assert title in [each.title for each in lint.find_lacking(planted)]
    assert len(lint.PROGRAMS) > 30


def test_every_exception_is_of_a_feature_that_some_program_lacks():
    known = lint._KNOWN["features"]
    assert [slug for slug in lint.DEGRADES if slug in known and not known[slug]["lacking"]] == []
