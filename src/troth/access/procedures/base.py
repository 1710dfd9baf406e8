"""What all procedures of the staff have alike: nobody's request, so no email, no log, and nothing in a history."""

from dataclasses import dataclass
from typing import TypeVar

from troth.cases.kinds import CaseKind

F = TypeVar("F", covariant=True)


@dataclass(frozen=True, kw_only=True)
class Procedure(CaseKind[F]):
    prefix: str = "P"
    purpose: str = "rights"
    queue: str = "staff.privacy"
    internal: bool = True
    deniable: bool = False
