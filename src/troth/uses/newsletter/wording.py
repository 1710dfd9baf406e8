"""Versions of a text line by line, and snippets: paragraphs that are used again, put in when a text is saved."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from django.utils.translation import gettext as _

from troth.composing import Problem
from troth.desk.acts.snippets import find_unfilled
from troth.desk.models import Snippet

SNIPPET = re.compile(r"^:::\s*snippet\s+(?P<name>.+?)\s*$")


@dataclass(frozen=True)
class ComparedLine:
    """A line of one or both versions. `change`: added, removed, or nothing."""

    text: str
    change: str = ""


def compare(before: str, after: str) -> list[ComparedLine]:
    """Both texts as one, with what was removed above what was added."""
    old, new = before.split("\n"), after.split("\n")
    return [
        line for step in SequenceMatcher(None, old, new, autojunk=False).get_opcodes() for line in _tell(step, old, new)
    ]


def put_in(text: str, language: str) -> tuple[str, list[Problem]]:
    """The text with each `::: snippet NAME` replaced by that snippet in this language, and what could not be."""
    known = dict(Snippet.objects.filter(language=language).values_list("name", "words"))
    lines, problems = [], []
    for number, line in enumerate(text.split("\n"), 1):
        asked = SNIPPET.match(line)
        if asked and asked["name"] not in known:
            sentence = _("There is no snippet “%(name)s” in this language.") % {"name": asked["name"]}
            problems.append(Problem(number, sentence))
        elif asked and (field := find_unfilled(known[asked["name"]])):
            sentence = _("Snippet “%(name)s” has the field %(field)s, which only an answer fills in.")
            problems.append(Problem(number, sentence % {"name": asked["name"], "field": field}))
        lines.append(known.get(asked["name"], line) if asked else line)
    return "\n".join(lines), problems


def _tell(step: tuple[str, int, int, int, int], old: Sequence[str], new: Sequence[str]) -> Iterator[ComparedLine]:
    what, old_from, old_to, new_from, new_to = step
    if what == "equal":
        yield from (ComparedLine(line) for line in new[new_from:new_to])
        return
    yield from (ComparedLine(line, "removed") for line in old[old_from:old_to])
    yield from (ComparedLine(line, "added") for line in new[new_from:new_to])
