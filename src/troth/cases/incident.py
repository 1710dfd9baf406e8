"""The incident procedure: what happened, five steps that each say what was done, and 72 hours from when it was known.

Source  GDPR 33 and 34; California Civil Code 1798.82
"""

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.db import transaction
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from troth import gate
from troth.cases import actions, events
from troth.cases.actions import CaseProblem
from troth.cases.models import Case

KIND = "incident"
STEPS: Mapping[str, "Promise | str"] = {
    "contain": gettext_lazy("Contain it: what was closed, changed or revoked"),
    "assess": gettext_lazy("Assess it: whose data, which kinds, and possible consequences for them"),
    "authority": gettext_lazy("Notify the authority, or say why that isn’t needed"),
    "people": gettext_lazy("Notify the people affected, or say why that isn’t needed"),
    "lessons": gettext_lazy("Prevent it: what changes so that it doesn’t happen again"),
}
MOST_PEOPLE = 100_000_000


def begin(*, words: str, kinds: Sequence[str], people: int, known_utc: datetime, who: str, at_utc: datetime) -> Case:
    """The case, with its 72 hours from `known_utc`. `words` says what happened, without data of anybody."""
    if known_utc > at_utc:
        raise CaseProblem(_("This time can’t be in the future."))
    with transaction.atomic():
        case = actions.open_case(
            id=gate.new_id(),
            kind=KIND,
            person=None,
            manner="staff",
            at_utc=known_utc,
            who=who,
            facts={"kinds": sorted(kinds), "people": people, "steps": {}},
        ).case
        events.add(case, "what happened", who=who, at_utc=at_utc, words=words)
    return case


def done(case: Case, step: str, *, words: str, who: str, at_utc: datetime) -> None:
    """One step said; saying it again replaces what stood there, and the events keep both."""
    if step not in STEPS:
        raise CaseProblem(_("This step doesn’t exist."))
    with transaction.atomic():
        found = Case.objects.select_for_update().get(pk=case.pk)
        if found.state not in Case.LIVING:
            raise CaseProblem(_("This incident is already closed."))
        steps = {**found.facts.get("steps", {}), step: {"words": words, "who": who, "at": at_utc.isoformat()}}
        events.add(found, step, who=who, at_utc=at_utc, words=words, change={"facts": {**found.facts, "steps": steps}})


def finish(case: Case, *, who: str, at_utc: datetime) -> Case:
    """The incident closed, once every step says what was done or why not."""
    missing = [str(title).partition(":")[0] for step, title in STEPS.items() if step not in case.facts.get("steps", {})]
    if missing:
        raise CaseProblem(_("Complete these steps first: %(steps)s.") % {"steps": "; ".join(missing)})
    return actions.answer(case.id, nature="complied", at_utc=at_utc, who=who, email=False)
