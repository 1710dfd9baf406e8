"""Answers on paper: headings, paragraphs and tables as a PDF, in the typeface of our own pages, or for Word.

paper("Your data", [paragraph("Everything we hold."), table(["What", "Value"], [["Name", "Alice"]])])     # bytes
"""

from collections.abc import Iterable

from troth.paper.blocks import TextBlock


def paper(title: str, blocks: Iterable[TextBlock]) -> bytes:
    """The PDF, A4, with numbered pages, in characters of all scripts.

    A character that our fonts lack is shown as a mark, and a sentence at the end says so."""
    # What draws characters brings numpy and takes half a second and 40 MB: only a process that prints pays for it.
    from troth.paper import printing

    return printing.draw(title, [*blocks])


def word_document(title: str, blocks: Iterable[TextBlock], *, author: str, direction: str = "ltr") -> bytes:
    """The same as DOCX. Marked words are tracked changes, which a reader accepts or rejects.

    Takes   author: whose changes they are; direction: `rtl` where the text is written from the right."""
    from troth.paper import word  # as above: it brings a parser of XML

    return word.write(title, [*blocks], author=author, direction=direction)
