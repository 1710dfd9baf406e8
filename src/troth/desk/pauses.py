"""Pauses of someone's choices: what a yes that comes meanwhile has to wait for."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from uuid import UUID


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
