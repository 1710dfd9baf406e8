"""Requests that arrived by mail, phone or email, entered by staff: the same case and data as by form."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from troth import gate, in_force
from troth.cases import actions as cases
from troth.cases.actions import PURPOSE
from troth.cases.kinds import find
from troth.cases.models import Case
from troth.cases.rights import RightsKind
from troth.collection import forms
from troth.collection.forms.nonce import spend
from troth.collection.forms.take import take
from troth.desk.entering import EntryProblem, check_arrival, check_person, read_received
from troth.text import code
from troth.wording import Words

PLACE = "staff.entry"
MANNERS: Mapping[str, Words] = {
    "post": gettext_lazy("by mail"),
    "phone": gettext_lazy("by phone"),
    "email": gettext_lazy("by email"),
}
OWN = frozenset({"kind", "manner", "received", "elsewhere"})
"""What the page asks beside the policy's fields: about the request, not about the person."""


def form(data: Any = None, *, session: str) -> forms.PolicyForm:
    """The form for staff, with the fields that a privacy request may use. Raises NotStated.

    Takes   session: of the person who enters it; another one's form is refused."""
    theirs = data.copy() if data is not None else {}
    for name in OWN | {"csrfmiddlewaretoken"}:
        theirs.pop(name, None)
    given = theirs if data is not None else None
    return forms.build(in_force.policy(), PLACE, data=given, purpose=PURPOSE, session=session)


def find_problems(sent: Mapping[str, str], filled: forms.PolicyForm, *, at_utc: datetime) -> dict[str, EntryProblem]:
    """What is wrong beside the policy's fields, by field; the form says itself what is wrong with these."""
    check_person(filled)
    found = check_arrival(sent, MANNERS, at_utc=at_utc)
    kind = find(sent.get("kind", ""))
    if isinstance(kind, RightsKind) and kind.is_offered:
        return found
    return {"kind": EntryProblem("kind", _("Choose the type of request.")), **found}


def enter(sent: Mapping[str, str], filled: forms.PolicyForm, *, who: str, at_utc: datetime) -> Case:
    """Opens the case as of the day it arrived, and stores its data under the staff channel.

    Takes   what has no problem.   Raises  AlreadySent."""
    kind, manner = find(sent.get("kind", "")), code(sent.get("manner", ""))
    assert isinstance(kind, RightsKind)  # find_problems saw to it
    received = read_received(sent.get("received", ""), at_utc=at_utc)
    cause = gate.new_id()
    with transaction.atomic():
        spend(filled.nonce, form=PLACE, receipt=cause)
        kept = take(filled, cause=cause, at_utc=at_utc, who=who)
        return cases.open_case(
            kind,
            id=cause,
            person=kept.person,
            manner=manner,
            at_utc=received,
            designated=not sent.get("elsewhere"),
            who=who,
        ).case
