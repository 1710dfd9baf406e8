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
    "contain": gettext_lazy("Stop it: what was shut, changed or taken back"),
    "assess": gettext_lazy("Assess it: whose data, which kinds, what may follow for them"),
    "authority": gettext_lazy("Tell the authority, or say why that is not needed"),
    "people": gettext_lazy("Tell the people, or say why that is not needed"),
    "lessons": gettext_lazy("What changes so that it does not happen again"),
}
MOST_PEOPLE = 100_000_000


def begin(*, words: str, kinds: Sequence[str], people: int, known_utc: datetime, who: str, at_utc: datetime) -> Case:
    """The case, with its 72 hours from `known_utc`. `words` says what happened, without data of anybody."""
    if known_utc > at_utc:
        raise CaseProblem(_("It cannot become known at a time to come."))
    with transaction.atomic():
        case = actions.open_case(
            id=gate.new_id(), kind=KIND, person=None, manner="staff", at_utc=known_utc, who=who,
            facts={"kinds": sorted(kinds), "people": people, "steps": {}},
        ).case  # fmt: skip
        events.add(case, "what happened", who=who, at_utc=at_utc, words=words)
    return case


def done(case: Case, step: str, *, words: str, who: str, at_utc: datetime) -> None:
    """One step said; saying it again replaces what stood there, and the events keep both."""
    if step not in STEPS:
        raise CaseProblem(_("There is no such step."))
    with transaction.atomic():
        found = Case.objects.select_for_update().get(pk=case.pk)
        if found.state not in Case.LIVING:
            raise CaseProblem(_("This incident is closed already."))
        steps = {**found.facts.get("steps", {}), step: {"words": words, "who": who, "at": at_utc.isoformat()}}
        events.add(found, step, who=who, at_utc=at_utc, words=words, change={"facts": {**found.facts, "steps": steps}})


def finish(case: Case, *, who: str, at_utc: datetime) -> Case:
    """The incident closed, once every step says what was done or why not."""
    missing = [str(title).partition(":")[0] for step, title in STEPS.items() if step not in case.facts.get("steps", {})]
    if missing:
        raise CaseProblem(_("Say first: %(steps)s.") % {"steps": "; ".join(missing)})
    return actions.answer(case.id, nature="complied", at_utc=at_utc, who=who, letter=False)
