"""Answers on paper: headings, paragraphs and tables as a PDF, in the typeface of our own pages.

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
