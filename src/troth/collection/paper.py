"""Answers on paper: headings, paragraphs and tables as a PDF, in the letters of our own pages.

paper("Your data", [paragraph("Everything we hold."), table(["What", "Value"], [["Name", "Alice"]])])     # bytes
"""

from collections.abc import Iterable

from troth.collection.blocks import TextBlock


def paper(title: str, blocks: Iterable[TextBlock]) -> bytes:
    """The PDF, A4, with numbered pages, in letters of all scripts. A sign that no face of ours has is shown as a mark,
    and a sentence at the end says so."""
    # What draws letters brings numpy and takes half a second and 40 MB: only a process that prints pays for it.
    from troth.collection import printing

    return printing.draw(title, [*blocks])
