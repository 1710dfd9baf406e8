"""Carries out a deletion: everyone of the case and the last email in one transaction. Names what a law keeps.

Policy  #L2, #A4
"""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from troth import in_force
from troth.cases import actions, emails, events
from troth.cases.kinds import ERASE
from troth.cases.models import Case
from troth.records import holds, rights

_WORDS = "request to delete"


def find_laws() -> dict[str, str]:
    """Kind → the law that requires us to keep it.   Policy  every "kept … law"."""
    return {kind.id: kind.kept.law for kind in in_force.policy().kinds.values() if kind.kept and kind.kept.law}


def list_laws() -> list[tuple[str, str]]:
    """The same in words: title and law."""
    kinds = in_force.policy().kinds
    return [(kinds[kind].title, law) for kind, law in find_laws().items()]


def carry_out(case: UUID, *, at_utc: datetime, who: str) -> Case:
    """Queues the deletion. Raises CaseProblem: not open, not approved by two, an account's owner not notified yet.

    An account may be new at the address since the request was proven: its owner is notified now, and it waits."""
    events.write(Case.objects.get(pk=case), emails.ANNOUNCEMENT)
    with transaction.atomic():
        found = Case.objects.select_for_update().get(pk=case)
        actions.require_agreed(found, ERASE)
        if not emails.is_announced(found):
            raise actions.CaseProblem(
                _(
                    "This affects an account whose owner didn’t sign in to ask for it. We’re notifying the owner "
                    "now. Try again in a minute, after that email is sent."
                )
            )
        events.add(found, "erasing", who=who, at_utc=at_utc)
        events.begin_erasing(found)
    return found


def erase(case: UUID, *, at_utc: datetime) -> None:
    """Erases everyone of the case, answers it and writes the last email, in one transaction.

    The email names what a law makes us keep. The program carries out what a member of staff ordered by a session; the
    ledger names that one. Doing it again changes nothing."""
    found = Case.objects.get(pk=case)
    if found.state != Case.OPEN:
        return
    given = emails.read(found)
    with transaction.atomic():
        held = bool(holds.list_holds(rights.people_of_case(case)))
        emails.write_last(found, given, at_utc=at_utc, kept=list_laws(), held=held)
        reason = f"{_WORDS} {found.number}"
        became = rights.erase(case, kept=sorted(find_laws()), who=actions.PROGRAM, reason=reason)
        nature = "complied in part" if {"kept", "held"} & {*became.values()} else "complied"
        actions.answer(case, nature=nature, at_utc=at_utc, who=actions.PROGRAM, email=False)
