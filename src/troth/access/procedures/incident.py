"""The incident procedure: what happened, five steps that each say what was done, and 72 hours from when it was known.

Source  GDPR 33 and 34; California Civil Code 1798.82
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from troth.access.procedures.base import Procedure, finish
from troth.cases import actions, events, timing
from troth.cases.actions import CaseProblem
from troth.cases.models import Case
from troth.wording import Words

HOURS = 72
STEPS: Mapping[str, Words] = {
    "contain": gettext_lazy("Contain it: what was closed, changed or revoked"),
    "assess": gettext_lazy("Assess it: whose data, which kinds, and possible consequences for them"),
    "authority": gettext_lazy("Notify the authority, or say why that isn’t needed"),
    "people": gettext_lazy("Notify the people affected, or say why that isn’t needed"),
    "lessons": gettext_lazy("Prevent it: what changes so that it doesn’t happen again"),
}
MOST_PEOPLE = 100_000_000


@dataclass(frozen=True)
class Said:
    """The note of one step, its author and time."""

    text: str
    who: str
    at: datetime


@dataclass(frozen=True)
class Happened:
    """The affected data and number of people as far as known, and the note of each step."""

    kinds: tuple[str, ...]
    people: int
    steps: Mapping[str, Said]


def begin(*, words: str, kinds: Sequence[str], people: int, known_utc: datetime, who: str, at_utc: datetime) -> Case:
    """Opens the case; its 72 hours run from `known_utc`. `words` says what happened, without personal data."""
    if known_utc > at_utc:
        raise CaseProblem(_("This time can’t be in the future."))
    with transaction.atomic():
        happened = Happened(kinds=tuple(sorted(kinds)), people=people, steps={})
        case = INCIDENT.begin(happened, at_utc=known_utc, who=who)
        events.add(case, "what happened", who=who, at_utc=at_utc, words=words)
    return case


def note_step(case: Case, step: str, *, words: str, who: str, at_utc: datetime) -> None:
    """Records a step's note; a second note replaces the first, and the events keep both."""
    if step not in STEPS:
        raise CaseProblem(_("This step doesn’t exist."))
    with transaction.atomic():
        found = Case.objects.select_for_update().get(pk=case.pk)
        if found.state not in Case.LIVING:
            raise CaseProblem(_("This incident is already closed."))
        happened = INCIDENT.read(found)
        steps = {**happened.steps, step: Said(words, who, at_utc)}
        actions.state(found, replace(happened, steps=steps), step, at_utc=at_utc, who=who, words=words)


def _list_missing(case: Case) -> str:
    """The steps that don't say yet what was done, or why nothing."""
    said = INCIDENT.read(case).steps
    missing = [str(title).partition(":")[0] for step, title in STEPS.items() if step not in said]
    return _("Complete these steps first: %(steps)s.") % {"steps": "; ".join(missing)} if missing else ""


INCIDENT = Procedure(
    id="incident",
    title=gettext_lazy("Incident"),
    lead=gettext_lazy("Something happened to personal data that shouldn’t have."),
    clock=timing.hours(HOURS),
    hourly=True,
    facts=Happened,
    finish=finish,
    missing=_list_missing,
)
