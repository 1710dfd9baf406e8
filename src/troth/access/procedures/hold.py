"""Legal holds: while a dispute or an investigation lasts, a person's data isn't deleted, and isn't used otherwise.

Two staff members approve, then it is put into force and reviewed by its date. The database keeps what it covers.

Policy  #U8
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from troth import gate, in_force
from troth.access.procedures.base import CoveredData, Procedure, find_words
from troth.cases import actions, events, facts, timing
from troth.cases.actions import CaseProblem
from troth.cases.kinds import HOLD
from troth.cases.models import Case
from troth.words.values import kinds_in_words

DAYS = 2
"""For the second approval. From then on its time is that of its review."""
BEGAN, REVIEWED = "hold began", "hold reviewed"
REVIEWS = (30, 90, 180, 365)
"""After how many days a hold can be reviewed."""


@dataclass(frozen=True, kw_only=True)
class HoldFacts(CoveredData):
    """All kinds, where none is named. `review`: when it is reviewed; `began`: when it was put into force."""

    review: datetime
    began: datetime | None = None


def list_reviews() -> list[tuple[str, str]]:
    """When it can be reviewed: days, and the same in words."""
    return [(str(days), _("in %(days)d days") % {"days": days}) for days in REVIEWS]


def ask_hold(
    *,
    people: Sequence[UUID],
    kinds: Sequence[str],
    words: str,
    review: datetime,
    secret_until: datetime | None,
    who: str,
    at_utc: datetime,
) -> Case:
    """Opens a case to hold these people's data, which two members of staff have to approve."""
    with transaction.atomic():
        said = HoldFacts(people=tuple(people), kinds=tuple(sorted(kinds)), secret_until=secret_until, review=review)
        case = LEGAL_HOLD.begin(said, at_utc=at_utc, who=who)
        events.add(case, "hold asked", who=who, at_utc=at_utc, words=words)
    return case


def begin(case: Case, *, who: str, at_utc: datetime) -> None:
    """Puts the hold into force. Raises CaseProblem: not approved by two, in force already, or nothing is left."""
    actions.require_agreed(case, HOLD)
    with transaction.atomic():
        said = LEGAL_HOLD.read(Case.objects.select_for_update().get(pk=case.pk))
        if said.began is not None:
            raise CaseProblem(_("This hold is already in force."))
        if not gate.place_hold(case.pk, who=who):
            raise CaseProblem(_("We no longer have data of this person, so there is nothing to hold."))
        _restate(case, replace(said, began=at_utc), BEGAN, at_utc=at_utc, who=who)


def review(case: Case, *, until: datetime, words: str, who: str, at_utc: datetime) -> None:
    """Says that the hold is still needed, and when it is reviewed next. Raises CaseProblem: not in force."""
    with transaction.atomic():
        said = LEGAL_HOLD.read(Case.objects.select_for_update().get(pk=case.pk))
        if not is_in_force(case):
            raise CaseProblem(_("This hold isn’t in force."))
        _restate(case, replace(said, review=until), REVIEWED, at_utc=at_utc, who=who, words=words)


def end(case: Case, *, who: str, at_utc: datetime) -> Case:
    """Ends the hold and closes the case: what is over is deleted, and deletions that waited happen.

    Raises CaseProblem: it never was in force."""
    with transaction.atomic():
        if not is_in_force(case):
            raise CaseProblem(_("This hold isn’t in force. Deny it if it isn’t needed."))
        gate.end_hold(case.pk, who=who)
        return actions.answer(case.pk, nature="complied", at_utc=at_utc, who=who, email=False)


def is_in_force(case: Case) -> bool:
    return case.state == Case.OPEN and LEGAL_HOLD.read(case).began is not None


def _restate(case: Case, said: HoldFacts, what: str, *, at_utc: datetime, who: str, words: str = "") -> None:
    change = {"facts": facts.write(said), "due_utc": said.review.isoformat()}
    events.add(case, what, who=who, at_utc=at_utc, words=words, change=change)


def _propose(case: Case) -> str:
    covered = kinds_in_words(in_force.policy(), LEGAL_HOLD.read(case).kinds) or _("all data of the person")
    return _("For “%(dispute)s”, this keeps %(data)s from being deleted, until someone ends the hold.") % {
        "dispute": find_words(case, "hold asked"),
        "data": covered,
    }


LEGAL_HOLD = Procedure(
    id="legal-hold",
    title=gettext_lazy("Legal hold"),
    lead=gettext_lazy("Data needed for a dispute or an investigation isn’t deleted."),
    clock=timing.days(DAYS),
    facts=HoldFacts,
    approves=HOLD,
    approval=gettext_lazy("Approve hold"),
    proposal=_propose,
    deniable=lambda case: not is_in_force(case),
)
