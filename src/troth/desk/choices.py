"""What rooms add to people's choices: a yes that is confirmed by email, questions of a version to come, and pauses."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Protocol
from uuid import UUID

from troth.policy.meaning import parts_of


class AskedByEmail(StrEnum):
    """What happened when a confirmation was wanted."""

    MAILED = "mailed"
    WAITS = "waits"
    """One went out less than a day ago: that one is to be used."""
    SPENT = "spent"
    """As many went out as the policy allows."""
    BLOCKED = "blocked"
    """Its reader complained about our email, or staff blocked the address: none goes there."""
    NOWHERE = "nowhere"
    """There is no address to ask at yet: the form takes it."""


@dataclass(frozen=True)
class OwnAddress:
    """The address of an account, which its owner confirmed and sees on the page of this session."""

    address: str
    account: int
    session: str


class AskConfirmation(Protocol):
    """Asks by email whether the question is meant as a yes; `people` share an address.

    Takes   own: of someone signed in, where to ask those who gave no address for this before"""

    def __call__(
        self, people: Sequence[UUID], question: str, /, *, way: str, at_utc: datetime, own: OwnAddress | None
    ) -> AskedByEmail: ...


_known: dict[str, AskConfirmation] = {}


def know_confirmations(confirmations: Mapping[str, AskConfirmation]) -> None:
    """These purposes begin with a confirmation."""
    _known.clear()
    _known.update(confirmations)


def find_confirmation(question: str) -> AskConfirmation | None:
    """Who asks for it; None for a question that a yes answers at once."""
    return _known.get(parts_of(question)[0])


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


@dataclass(frozen=True)
class RunningPause:
    """What a pause answers with no until it ends, of the questions that were asked about."""

    questions: frozenset[str]
    until_utc: datetime


@dataclass(frozen=True)
class Pauses:
    """How the room that has pauses says so to others.

    find   of these questions, those that a pause of the person's turned off; None while there is no such pause
    add    in the caller's transaction: the person's yes to these counts once the pause ends"""

    find: Callable[[UUID, Collection[str]], RunningPause | None]
    add: Callable[[UUID, Sequence[str]], None]


class Resumes(Protocol):
    """In the transaction that ends a pause: these people have these questions answered as before it."""

    def __call__(self, people: Sequence[UUID], questions: Collection[str], /, *, since_utc: datetime) -> None: ...
