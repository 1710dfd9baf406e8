"""Shared by all staff procedures: no person, so no email, no place in the request log, and no history entry."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from troth import gate
from troth.cases import actions
from troth.cases.actions import CaseProblem
from troth.cases.kinds import CaseKind, kind_of, never
from troth.cases.models import Case
from troth.wording import Words

CLOSING = _("Close request")
F = TypeVar("F", covariant=True)


@dataclass(frozen=True, kw_only=True)
class CoveredData:
    """Whose data a procedure is about, and which kinds of it.

    `secret_until`: an order forbids telling the person before. Until then their history shows nothing of the case."""

    people: tuple[UUID, ...]
    kinds: tuple[str, ...]
    secret_until: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class Procedure(CaseKind[F]):
    prefix: str = "P"
    purpose: str = "rights"
    queue: str = "staff.privacy"
    internal: bool = True
    deniable: Callable[[Case], bool] = never
    closing: Words = CLOSING

    def begin(
        self,
        said: F,  # type: ignore[misc]  # covariant for lists of kinds; each begins with its own facts alone
        *,
        at_utc: datetime,
        who: str,
        manner: str = "staff",
    ) -> Case:
        """A case of this procedure, open, with what it alone knows, in the caller's transaction."""
        opened = actions.open_case(
            self, actions.CaseArrival(id=gate.new_id(), person=None, manner=manner, at_utc=at_utc, who=who), said
        )
        return opened.case


def finish(case: Case, *, who: str, at_utc: datetime) -> Case:
    """Ends the procedure once nothing of it is missing."""
    ask = kind_of(case).missing
    if ask and (missing := ask(case)):
        raise CaseProblem(missing)
    return actions.answer(case.id, nature="complied", at_utc=at_utc, who=who, email=False)


def find_words(case: Case, event: str) -> str:
    """What was written when it began, which who approves it has to read."""
    return case.events.filter(what=event).values_list("words", flat=True).first() or ""
