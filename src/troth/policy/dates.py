"""Dates that prose states, and whether the one from which it applies is that of the front matter."""

import re
from collections.abc import Iterator
from datetime import date

from .findings import Report
from .front import FrontMatter
from .grammar import Document, Written
from .lexicon import Lexicon, Pattern
from .sentences import list_sentences

_NEAR = 40
"""How many letters there may be between “Effective” and its date."""


def check_effective(document: Document, front: FrontMatter, lexicon: Lexicon | None, report: Report) -> None:
    """Reports a sentence that names the day from which the policy applies, where none names the front matter's."""
    said = []
    for heading in document.headings if lexicon else ():
        assert lexicon is not None
        for part in heading.parts:
            for sentence in list_sentences(part.text) if isinstance(part, Written) else ():
                said += [(day, sentence, part) for day in list_dates(sentence, lexicon.effective, lexicon)]
    if said and front.effective != date.max and front.effective not in [day for day, _, _ in said]:
        day, sentence, part = said[0]
        report.add("effective-otherwise", part, said=day, effective=front.effective, sentence=sentence)


def find_date(text: str, lexicon: Lexicon) -> date | None:
    """The day from which a text says that it applies, else that of its last change."""
    for says in (lexicon.effective, lexicon.dated):
        for sentence in list_sentences(text):
            if found := next(list_dates(sentence, says, lexicon), None):
                return found
    return None


def list_dates(sentence: str, says: Pattern, lexicon: Lexicon) -> Iterator[date]:
    """The dates of a sentence right behind certain words: “Effective: November 1, 2026”."""
    for said in says.finditer(sentence):
        found = lexicon.date.search(sentence[said.end() : said.end() + _NEAR])
        day = _read(found, lexicon) if found else None
        if day:
            yield day


def _read(found: re.Match[str], lexicon: Lexicon) -> date | None:
    parts = {name.rstrip("1234"): value for name, value in found.groupdict().items() if value}
    month = parts["month"]
    number = int(month) if month.isdecimal() else lexicon.months.index(month.lower()) + 1
    try:
        return date(int(parts["year"]), number, int(parts["day"]))
    except ValueError:
        return None
