"""The message after saving, and the data for undoing it: signed, in the address, without a cookie.

["link id", "2026-11-23T08:30:00+00:00", [["newsletter", false, [["person", true, 1], …]], …]]
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.core import signing

LASTING = timedelta(hours=1)
_SALT = "troth.preferences.saved"


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
    """`asked`: questions whose yes has to be confirmed by email, and what came of asking."""

    at_utc: datetime
    changes: tuple[SavedChange, ...]
    asked: tuple[tuple[str, str], ...] = ()


def sign_changes(saved: Saved, *, bound: str) -> str:
    """The saved changes as text that only this link or session can bring back."""
    return signing.dumps([bound, saved.at_utc.isoformat(), pack(saved), saved.asked], salt=_SALT, compress=True)


def read(text: str, *, bound: str) -> Saved | None:
    """The saved changes; None if they aren't ours, aren't this link's, or are older than an hour."""
    try:
        whose, at, changes, *rest = signing.loads(text, salt=_SALT, max_age=LASTING)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    if whose != bound:
        return None
    asked = tuple((str(question), str(code)) for question, code in (rest[0] if rest else ()))
    return replace(unpack(changes, at_utc=datetime.fromisoformat(at)), asked=asked)


def pack(saved: Saved) -> list[Any]:
    """The changes as JSON."""
    return [
        [each.question, each.yes, [[str(one.person), one.yes, one.version] for one in each.former]]
        for each in saved.changes
    ]


def unpack(changes: Sequence[Any], *, at_utc: datetime) -> Saved:
    """Reads what `pack` wrote."""
    return Saved(at_utc, tuple(_change(*each) for each in changes))


def _change(question: str, yes: bool, former: Sequence[tuple[str, bool | None, int]]) -> SavedChange:
    return SavedChange(question, yes, tuple(Former(UUID(person), said, version) for person, said, version in former))
