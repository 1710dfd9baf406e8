"""Questions of a version that is announced: answered before its day, and counted from then on."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID


@dataclass(frozen=True)
class AheadQuestion:
    """One question, and the answer that waits; None where there is none.

    kinds      titles of what would be used
    quotation  what the new version says of it
    section    where the version says so
    effective  the day from which an answer counts"""

    question: str
    title: str
    kinds: tuple[str, ...]
    quotation: str
    section: str
    version: int
    effective: date
    answer: bool | None


@dataclass(frozen=True)
class AheadQuestions:
    """How a room finds and answers them.

    find    those of these people
    answer  (people, names, yes) → the questions that were answered; None takes an answer back"""

    find: Callable[[Sequence[UUID]], Sequence[AheadQuestion]]
    answer: Callable[[Sequence[UUID], Sequence[str], bool | None], Sequence[str]]
