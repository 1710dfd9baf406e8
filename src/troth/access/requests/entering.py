"""Requests that arrived by mail, phone or email, entered by staff: the same case and data as by form."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from troth import gate, in_force
from troth.cases import actions as cases
from troth.cases.actions import PURPOSE
from troth.cases.kinds import find
from troth.cases.models import Case
from troth.cases.rights import RightsKind
from troth.collection import forms
from troth.collection.forms.nonce import spend
from troth.collection.forms.take import take
from troth.desk.entering import EntryProblem, read_received

PLACE = "staff.entry"
MANNERS = ("post", "phone", "email")
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


def enter(sent: Mapping[str, str], filled: forms.PolicyForm, *, who: str, at_utc: datetime) -> Case:
    """Opens the case as of the day it arrived, and stores its data under the staff channel.

    Takes   filled: a form that is valid.   Raises  EntryProblem, AlreadySent."""
    kind, manner = find(sent.get("kind", "")), sent.get("manner", "")
    if not (isinstance(kind, RightsKind) and kind.is_offered):
        raise EntryProblem("kind", _("Choose the type of request."))
    if manner not in MANNERS:
        raise EntryProblem("manner", _("Choose how the request arrived."))
    received = read_received(sent.get("received", ""), at_utc=at_utc)
    if not filled.values.get("name") and not filled.values.get("email"):
        raise EntryProblem("name", _("Enter a name or an email address. Without one we can’t answer."))
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
