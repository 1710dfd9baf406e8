"""What came in through one place of the policy and was kept: with this, a room opens its request."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar
from uuid import UUID


@dataclass(frozen=True, kw_only=True)
class Intake:
    """A form that was sent, an email, or what staff entered.

    values    kind → what was given
    cause     its id, under which the data was kept: of the request and of its receipt
    person    whose data it became
    place     of the policy; `version`: of the policy that its form followed
    at_utc    when it came in, which for mail may be days ago: clocks run from then
    manner    how it came: form, email, or as staff said
    who       who gave it in: the person, or staff for them
    proven    whether it is certain that the person sent it
    data      kind → datum that has it, where the caller knows"""

    values: Mapping[str, str]
    cause: UUID
    person: UUID
    place: str
    version: int
    at_utc: datetime
    manner: str = "form"
    who: str = "person"
    proven: bool = True
    data: Mapping[str, UUID] | None = None


R = TypeVar("R")
Record = Callable[[Intake], R]
"""A room's function that stores its request and queues what follows, in the caller's transaction; `quotes.record`."""
