"""What the redline for counsel says of a passage, and what is left of it once Word accepted or rejected the changes."""

from collections.abc import Iterator
from io import BytesIO

from docx import Document
from docx.oxml.ns import qn

from troth.paper import word_document
from troth.paper.blocks import mark_heading, mark_words, paragraph
from troth.updates.redline import read_marks

_BLOCKS = (
    paragraph("In force."),
    mark_heading([("Times", "del"), (" ", ""), ("How long", "ins")]),
    mark_words(
        [("We keep it ", ""), ("2", "del"), (" ", ""), ("3", "ins"), (" years.\n• One", ""), ("\n• Two", "ins")]
    ),
    mark_words([("We sell it.", "del")]),
)


def _settle(document: bytes, *, dropped: str) -> Iterator[str]:
    """The paragraphs that remain: all `w:del` gone with the paragraphs whose ends they mark, or all `w:ins`."""
    for each in Document(BytesIO(document)).element.body.iter(qn("w:p")):
        words = "".join(
            text.text or ""
            for text in each.iter(qn("w:t"), qn("w:delText"))
            if not any(above.tag == qn(dropped) for above in text.iterancestors())
        )
        if each.find(f"{qn('w:pPr')}/{qn('w:rPr')}/{qn(dropped)}") is None:
            yield words


def test_accepting_what_word_tracks_gives_the_new_text_and_rejecting_it_the_old_one():
    document = word_document("Version 1 to 2", _BLOCKS, author="Example, version 2")
    new = ["Version 1 to 2", "In force.", " How long", "We keep it  3 years.", "• One", "• Two"]
    old = ["Version 1 to 2", "In force.", "Times ", "We keep it 2  years.", "• One", "We sell it."]
    assert list(_settle(document, dropped="w:del")) == new
    assert list(_settle(document, dropped="w:ins")) == old
    authors = {each.get(qn("w:author")) for each in Document(BytesIO(document)).element.body.iter(qn("w:ins"))}
    assert authors == {"Example, version 2"}


def test_a_document_written_from_the_right_says_so():
    body = Document(BytesIO(word_document("عنوان", (), author="x", direction="rtl"))).element.body
    assert body.find(f".//{qn('w:bidi')}") is not None
    assert body.find(f".//{qn('w:rtl')}") is not None


def test_words_keep_their_marks_and_lists_their_numbers():
    html = "<p>We keep it <del>2</del> <ins>3</ins> years.</p><ol start='4'><li>One</li><li><em>Two</em></li></ol>"
    assert read_marks(html) == [
        ("We keep it ", ""),
        ("2", "del"),
        (" ", ""),
        ("3", "ins"),
        (" years.", ""),
        ("\n", ""),
        ("4. ", ""),
        ("One", ""),
        ("\n", ""),
        ("5. ", ""),
        ("Two", ""),
    ]


def test_a_table_has_a_line_for_each_row():
    words = "".join(
        words for words, _mark in read_marks("<table><tr><td>a</td><td>b</td></tr><tr><td>c</td></tr></table>")
    )
    assert words == " a b\n c"
