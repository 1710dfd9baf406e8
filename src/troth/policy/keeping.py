"""How long a text says that things are kept: by their names, by what it calls several, or by activities.

keeping.find_named(kind, markdown)       # “IP addresses are deleted after 90 days”
keeping.list_called(kind, markdown)      # “Contact details: 24 months”, “The data is deleted after …”
keeping.find_activity(purpose)           # “| Support cases | Three years after the case is closed |”
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from .lengths import Duration
from .lexicon import Lexicon
from .sentences import find_head, list_sentences, split_items, strip_markdown
from .stated import StatedTime, find_times
from .vocabulary import Term, Vocabulary

_LONGEST_NAME = 6


@dataclass(frozen=True, slots=True)
class Kept:
    """How long a clause says that something is kept, from which event, and its words for that."""

    time: Duration
    event: str
    said: str

    @property
    def rule(self) -> str:
        """As rules have it; an event that no rule can name is left to the author."""
        return f"{{for: {self.time}, after: {self.event or '…'}}}"


@dataclass(frozen=True, slots=True)
class Keeping:
    """What passages say of times. `labels`: kind → what the text calls several kinds of which it is one."""

    texts: Sequence[str]
    vocabulary: Vocabulary | None
    lexicon: Lexicon | None
    labels: Mapping[str, list[str]]

    def find_activity(self, purpose: Term, *, rows: bool = False) -> Kept | None:
        """How long a row or an item that is called by an activity says that its data is kept.

        | Support cases | Three years after the case is closed |"""
        found: list[tuple[int, Kept]] = []
        for markdown in self.texts if "records" in purpose.facts else ():
            for clause, times in self._list_timed(markdown):
                label, rest = self._split_label(clause)
                label = label if not rows or re.search(r" \| |^[^.:]{3,40}: ", clause) else ""
                named = find_label(purpose, label)
                if named is not None:
                    found.append((named, Kept(times[0].time, self._find_event(clause, times[0]), rest)))
        # A row is called what it begins with: “Support files and log files” are of support.
        return min(found, key=lambda each: each[0])[1] if found else None

    def _split_label(self, clause: str) -> tuple[str, str]:
        """What a clause with a time is about, and its words for that: “Accounts | 90 days”, “Log files are kept …”."""
        label, border, rest = clause.partition(" | ")
        if border:
            return label, rest
        label, colon, _ = clause.partition(": ")
        said = self.lexicon.keeping.search(clause) if self.lexicon else None
        label = label if colon else clause[: said.start()] if said else ""
        return (label if len(label.split()) <= _LONGEST_NAME else ""), clause

    def find_named(self, kind: Term, markdown: str) -> Kept | None:
        """How long a passage says that a kind is kept, by its name: the time behind it, where there are several."""
        for clause, times in self._list_timed(markdown):
            for named in [*kind.says.finditer(clause)][-1:]:
                after = [stated for stated in times if stated.start >= named.start()]
                stated = (after or times)[0]
                return Kept(stated.time, self._find_event(clause, stated), clause)
        return None

    def list_called(self, kind: Term, markdown: str) -> Iterator[Kept]:
        """How long a passage says that what a kind is called together with others is kept."""
        labels = tuple(label.lower() for label in self.labels.get(kind.id, ()))
        for clause, times in self._list_timed(markdown):
            called = bool(labels) and clause.lower().startswith(labels)
            if called or self._refers(clause, kind, markdown):
                said = clause.partition(" | ")[2] or clause
                yield Kept(times[0].time, self._find_event(clause, times[0]), said)

    def _refers(self, clause: str, kind: Term, markdown: str) -> bool:
        """Whether it is about what the sentences before it name: “The data is deleted after …”."""
        before = strip_markdown(markdown).partition(clause)[0]
        return bool(self.vocabulary and self.vocabulary.referring.search(clause) and kind.says.search(before))

    def _list_timed(self, markdown: str) -> Iterator[tuple[str, Sequence[StatedTime]]]:
        """The clauses with times of a passage that says how long things are kept, or of a table."""
        lexicon = self.lexicon
        if lexicon and (find_head(markdown) or lexicon.keeping.search(strip_markdown(markdown))):
            said = ((clause, find_times(clause, lexicon)) for clause in list_clauses(markdown))
            yield from ((clause, times) for clause, times in said if times)

    def _find_event(self, clause: str, stated: StatedTime) -> str:
        """From what a time of a clause runs; empty where that is something that no rule can name."""
        vocabulary = self.vocabulary
        part = clause[clause.rfind(";", 0, stated.start) + 1 :].partition(";")[0]
        events = vocabulary.events if vocabulary else {}
        unknown = vocabulary is not None and vocabulary.running.search(clause[stated.end :])
        return next((event for event, says in events.items() if says.search(part)), "" if unknown else "collection")


def list_clauses(markdown: str) -> list[str]:
    """The rows of a table, and the sentences of other text."""
    return split_items(markdown) if find_head(markdown) else [*list_sentences(markdown)]


def find_label(purpose: Term, label: str) -> int | None:
    """Where a label has what the records of an activity are called; None where it hasn't."""
    records = purpose.facts.get("records")
    found = re.search(records, label, re.IGNORECASE | re.VERBOSE) if records else None
    return found.start() if found else None
