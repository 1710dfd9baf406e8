"""What was saved, and what stood before it: what the page says of it and undoing it needs.

[["newsletter", false, [["person", true, 1], …]], …]
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID


@dataclass(frozen=True)
class Former:
    """An earlier answer; `yes` is None if there was none."""

    person: UUID
    yes: bool | None
    version: int


@dataclass(frozen=True)
class SavedChange:
    """One answer that was saved, and what stood before it."""

    question: str
    yes: bool
    former: tuple[Former, ...]


@dataclass(frozen=True)
class Saved:
    """`asked`: questions without a change, and why: a yes has to be confirmed by email, or a no outlasts a pause."""

    at_utc: datetime
    changes: tuple[SavedChange, ...]
    asked: tuple[tuple[str, str], ...] = ()


def pack(saved: Saved) -> list[Any]:
    """The changes as JSON."""
    changes: list[Any] = [
        [each.question, each.yes, [[str(one.person), one.yes, one.version] for one in each.former]]
        for each in saved.changes
    ]
    return changes + [list(each) for each in saved.asked]


def unpack(changes: Sequence[Any], *, at_utc: datetime) -> Saved:
    """Reads what `pack` wrote."""
    asked = tuple((str(each[0]), str(each[1])) for each in changes if len(each) == 2)
    return Saved(at_utc, tuple(_change(*each) for each in changes if len(each) != 2), asked)


def _change(question: str, yes: bool, former: Sequence[tuple[str, bool | None, int]]) -> SavedChange:
    return SavedChange(question, yes, tuple(Former(UUID(person), said, version) for person, said, version in former))
