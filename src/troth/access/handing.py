"""What leaves only when two of the staff agree: a copy handed out by staff, and a disclosure that a law requires.

Policy  #U8   Each approval is committed before; for a disclosure the database looks again that there are two.
"""

import json
from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from troth import gate
from troth.access import persons
from troth.access.copy.preparing import ask_copy
from troth.cases import actions, events
from troth.cases.actions import CaseProblem
from troth.cases.models import Case
from troth.collection.prepared import PreparedFile

EXPORT, DISCLOSURE = "export", "disclosure"
LEGAL, AUTHORITY = "legal", "authority"
NEEDED = 2
STEP_OF = {"access": EXPORT, "copy": EXPORT, "erasure": "erasure", DISCLOSURE: DISCLOSURE}
"""Kind of case → what two people approve in it."""


def ask_disclosure(
    *, address: str, recipient: str, words: str, kinds: Sequence[str], who: str, at_utc: datetime
) -> Case:
    """The case of a disclosure to a court or an authority, about whoever gave the address. Raises CaseProblem.

    It is nobody's request: whom it is about stands in its facts, so that it is not listed or taken back as hers."""
    people = persons.at(address)
    if not people:
        raise CaseProblem(_("We have no data for this address, so there is nothing to disclose."))
    with transaction.atomic():
        case = actions.open_case(
            id=gate.new_id(),
            kind=DISCLOSURE,
            person=None,
            manner="staff",
            at_utc=at_utc,
            who=who,
            facts={"people": [str(each) for each in people], "recipient": recipient, "kinds": sorted(kinds)},
        ).case
        events.add(case, "required by", who=who, at_utc=at_utc, words=words)
    return case


def disclose(case: Case, *, who: str, at_utc: datetime) -> str:
    """The data as JSON, once: recorded as handed to the recipient, and the case ended. Raises CaseProblem."""
    _agreed(case, DISCLOSURE)
    recipient = str(case.facts["recipient"])
    reason = _("because a law or an order requires it: %(number)s") % {"number": case.number}
    looks = [_look(UUID(each), case, who=who, reason=reason) for each in case.facts["people"]]
    handed = []
    with transaction.atomic():
        for given in filter(None, looks):
            gate.disclose(
                given,
                recipient_class=AUTHORITY,
                recipient=case.number,
                recipient_name=recipient,
                kinds=list(given.values),
                who=who,
                reason=reason,
            )
            handed.append(dict(given.values))
        nature = "complied" if handed else "nothing held"
        actions.answer(case.id, nature=nature, at_utc=at_utc, who=who, email=False)
    return json.dumps({"number": case.number, "recipient": recipient, "data": handed}, ensure_ascii=False, indent=1)


def export(case: Case, *, who: str, at_utc: datetime) -> PreparedFile:
    """The copy of everything on its way as a PDF, once, for somebody who cannot fetch it. Raises CaseProblem."""
    _agreed(case, EXPORT)
    if case.events.filter(what="exported").exists():
        raise CaseProblem(_("The copy has already been provided."))
    if case.verified_utc is None:
        raise CaseProblem(_("This request hasn’t been verified yet."))
    reason = _("to provide the copy you asked for, %(number)s") % {"number": case.number}
    with transaction.atomic():
        file = ask_copy(case, "pdf", owner=owner_of(case, who), who=who, reason=reason, at_utc=at_utc)
        actions.note(case.id, words=_("provided as a PDF"), at_utc=at_utc, who=who, what="exported")
    return file


def owner_of(case: Case, who: str) -> str:
    """Only the member of staff who handed it out fetches it."""
    return f"{who} {case.pk}"


def _agreed(case: Case, step: str) -> None:
    if case.state != Case.OPEN or STEP_OF.get(case.kind) != step:
        raise CaseProblem(_("That action isn’t available here."))
    if case.approvals.filter(what=step).count() < NEEDED:
        raise CaseProblem(_("Two different staff members must approve it first."))


def _look(person: UUID, case: Case, *, who: str, reason: str) -> gate.Given | None:
    kinds: list[str] = list(case.facts["kinds"])
    given = gate.look(held=None, person=person, purpose=LEGAL, kinds=kinds, who=who, reason=reason, request=case.id)
    return None if isinstance(given, gate.Refused) else given
