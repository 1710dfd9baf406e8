"""A yes that starts only once it is confirmed by email: which rooms ask for that, and what came of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
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


def know(confirmations: Mapping[str, AskConfirmation]) -> None:
    """These purposes begin with a confirmation."""
    _known.clear()
    _known.update(confirmations)


def find_confirmation(question: str) -> AskConfirmation | None:
    """Who asks for it; None for a question that a yes answers at once."""
    return _known.get(parts_of(question)[0])
