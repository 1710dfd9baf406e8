"""Requests that arrived by mail, phone or email, entered by staff: the same case and data as by form."""

from collections.abc import Mapping
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from troth.cases import actions as cases
from troth.cases.kinds import find
from troth.cases.models import Case
from troth.cases.rights import RightsKind
from troth.collection import forms
from troth.collection.forms.receive import receive_from_staff
from troth.collection.intake import Intake
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
    kind = find(sent.get("kind", ""))
    assert isinstance(kind, RightsKind)  # find_problems saw to it

    def record(entered: Intake) -> Case:
        return cases.open_case(kind, cases.CaseArrival.of(entered), designated=not sent.get("elsewhere")).case

    received = read_received(sent.get("received", ""), at_utc=at_utc)
    manner = code(sent.get("manner", ""))
    return receive_from_staff(filled, record=record, who=who, at_utc=at_utc, received_utc=received, manner=manner)
