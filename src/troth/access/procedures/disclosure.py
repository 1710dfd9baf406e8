"""Legally required disclosures: two staff members approve, then the data is handed over once and recorded.

Policy  #U8   Each approval is committed before; the database looks again that there are two.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from troth import gate, in_force
from troth.access import persons
from troth.access.procedures.base import CoveredData, Procedure, find_words
from troth.cases import actions, events, timing
from troth.cases.actions import CaseProblem
from troth.cases.kinds import DISCLOSE, always
from troth.cases.models import Case
from troth.words.values import describe_for_file, kinds_in_words

LEGAL, AUTHORITY = "legal", "authority"
DAYS = 30


@dataclass(frozen=True, kw_only=True)
class DisclosureFacts(CoveredData):
    """`recipient`: who requires it."""

    recipient: str


def _propose(case: Case) -> str:
    required = DISCLOSURE.read(case)
    return _("%(recipient)s gets the person’s %(data)s, because of “%(order)s”.") % {
        "recipient": required.recipient,
        "data": kinds_in_words(in_force.policy(), required.kinds),
        "order": find_words(case, "required by"),
    }


DISCLOSURE = Procedure(
    id="disclosure",
    title=gettext_lazy("Legally required disclosure"),
    lead=gettext_lazy("A court or an authority requires a person’s data."),
    clock=timing.days(DAYS),
    facts=DisclosureFacts,
    approves=DISCLOSE,
    approval=gettext_lazy("Approve disclosure"),
    proposal=_propose,
    deniable=always,
)


def ask_disclosure(
    *,
    address: str,
    recipient: str,
    words: str,
    kinds: Sequence[str],
    secret_until: datetime | None = None,
    who: str,
    at_utc: datetime,
) -> Case:
    """Opens a case to disclose the data of the person with this address to an authority. Raises CaseProblem.

    It is nobody's request: whom it is about is in its facts, so that it is not listed or withdrawn as theirs."""
    people = persons.at(address)
    if not people:
        raise CaseProblem(_("We have no data for this address, so there is nothing to disclose."))
    with transaction.atomic():
        required = DisclosureFacts(
            people=tuple(people), kinds=tuple(sorted(kinds)), secret_until=secret_until, recipient=recipient
        )
        case = DISCLOSURE.begin(required, at_utc=at_utc, who=who)
        events.add(case, "required by", who=who, at_utc=at_utc, words=words)
    return case


def disclose(case: Case, *, who: str, at_utc: datetime) -> str:
    """Hands over the data once, as JSON, records the disclosure and closes the case. Raises CaseProblem."""
    actions.require_agreed(case, DISCLOSE)
    required = DISCLOSURE.read(case)
    reason = _("because a law or an order requires it: %(number)s") % {"number": case.number}
    looks = [_look(each, case, required.kinds, who=who, reason=reason) for each in required.people]
    handed = []
    with transaction.atomic():
        for given in filter(None, looks):
            gate.disclose(
                given,
                recipient_class=AUTHORITY,
                recipient=case.number,
                recipient_name=required.recipient,
                kinds=list(given.values),
                who=who,
                reason=reason,
            )
            handed.append({kind: describe_for_file(kind, value) for kind, value in given.values.items()})
        nature = "complied" if handed else "nothing held"
        actions.answer(case.id, nature=nature, at_utc=at_utc, who=who, email=False)
    return json.dumps(
        {"number": case.number, "recipient": required.recipient, "data": handed}, ensure_ascii=False, indent=1
    )


def _look(person: UUID, case: Case, kinds: Sequence[str], *, who: str, reason: str) -> gate.Given | None:
    given = gate.look(person=person, purpose=LEGAL, kinds=kinds, who=who, reason=reason, cause=case.id)
    return None if isinstance(given, gate.Refused) else given
