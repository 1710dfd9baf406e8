"""Erasure carried out: the last letter first, then key after key, and what a law makes us keep is named.

Policy  #L2, #A4
"""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from troth import gate
from troth.cases import actions, events, letters
from troth.cases.kinds import KINDS
from troth.cases.models import Case
from troth.collection import prepared
from troth.records import rights

STEP = "erasure"
_WORDS = "request to delete"


class LetterWaits(Exception):
    """The last letter is still on its way: erasing now would leave nobody to tell."""


def kept_kinds() -> dict[str, str]:
    """Kind → the law that makes us keep it, as the policy says it.   Policy  every "kept … law"."""
    return {kind.id: kind.kept.law for kind in gate.policy().kinds.values() if kind.kept and kind.kept.law}


def carry_out(case: UUID, *, at_utc: datetime, who: str) -> Case:
    """The last letter queued, and the erasure behind it. Raises CaseProblem: not open, not approved by two."""
    with transaction.atomic():
        found = Case.objects.select_for_update().get(pk=case)
        if found.kind != STEP or found.state != Case.OPEN:
            raise actions.CaseProblem(_("This is no open request to delete data."))
        if found.approvals.filter(what=STEP).count() < KINDS[STEP].approvals:
            raise actions.CaseProblem(_("Two different members of staff must approve the erasure first."))
        events.add(found, "erasing", who=who, at_utc=at_utc)
        events.begin_erasing(found, who=who)
    return found


def erase(case: UUID, *, at_utc: datetime, who: str) -> None:
    """Each person of the case erased, and the case answered with what became of it. Doing it again changes nothing.

    Raises  LetterWaits."""
    found = Case.objects.get(pk=case)
    if found.state != Case.OPEN:
        return
    letters.write(case, "erasing", at_utc=at_utc, more={"kept": _kept_in_words()})
    letters.send_now(case, "erasing")
    if not letters.gone_out(case, "erasing"):
        raise LetterWaits(found.number)
    kept = sorted(kept_kinds())
    with transaction.atomic():
        became = [
            rights.erase(case, person, kept=kept, who=who, reason=f"{_WORDS} {found.number}")
            for person in _others_first(found)
        ]
        for person in actions.subjects(found):
            prepared.forget(person)
        nature = "complied in part" if "kept" in became else "complied"
        actions.answer(case, nature=nature, at_utc=at_utc, who=who, letter=False)


def _kept_in_words() -> list[tuple[str, str]]:
    kinds = gate.policy().kinds
    return [(kinds[kind].title, law) for kind, law in kept_kinds().items()]


def _others_first(case: Case) -> list[UUID]:
    """The person who asked comes last: who the others are is found through her address."""
    first, *others = actions.subjects(case)
    return [*others, first]
