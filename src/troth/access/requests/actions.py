"""Making a privacy request. `cases` does what its kind does at once."""

from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from troth import gate
from troth.access.requests import telling
from troth.cases import actions as cases
from troth.cases.kinds import kind_of
from troth.cases.models import Case, by_id
from troth.cases.rights import RightsKind
from troth.desk.receipts import RequestReceipt
from troth.records.models import AccountPerson
from troth.security.models import User
from troth.words.values import last_moment

TWICE = timedelta(seconds=30)
"""Within which a second press of a button is the same press."""


def ask(kind: RightsKind, user: User, *, at_utc: datetime) -> Case:
    """Makes a request for a signed-in account, by its button: nothing more has to be verified.

    What cannot be undone waits until its page was read and confirmed. The earlier one, if the same is open, or was
    answered at once a moment ago."""
    with transaction.atomic():
        User.objects.select_for_update(no_key=True).get(pk=user.pk)  # a second click waits, and finds the request
        own = Case.objects.filter(kind=kind.id, account=user.pk, manner="account", answered_by=cases.PROGRAM)
        if (just := own.filter(received_utc__gt=at_utc - TWICE).first()) is not None:
            return just
        return cases.open_case(
            kind,
            cases.CaseArrival(
                id=gate.new_id(), person=user.person_id, manner="account", at_utc=at_utc, account=user.pk
            ),
            verified=not kind.twice,
        ).case


def receipt(cause: UUID) -> RequestReceipt | None:
    """The receipt page's data; None if this room has no such request."""
    case = by_id(Case).first(id=cause)
    if case is None or case.purpose != cases.PURPOSE:
        return None
    kind = {"kind": kind_of(case).title}
    withdrawn = case.stage == Case.WITHDRAWN
    words = _("You withdrew your request: %(kind)s") if withdrawn else _("We received your request: %(kind)s")
    confirm = _("One step is left: open it under Requests, read what will be deleted, and confirm.")
    leads = {
        Case.UNVERIFIED: confirm if case.account is not None else telling.how_to_confirm(case),
        Case.OPEN: _("Our privacy team has it. We’ll reply to the address you gave."),
        Case.ANSWERED: _("It’s done. You’ll find the answer in your account, under Requests.")
        if case.account is not None
        else _("It’s done. If there is something to read, we email a link to the address you gave."),
    }
    return RequestReceipt(
        cause=case.id,
        number=case.number,
        received_utc=case.received_utc,
        heading=words % kind,
        lead=leads.get(case.state, ""),
        purpose=cases.PURPOSE,
        due_utc=last_moment(case.due_utc) if case.state in Case.LIVING else None,
    )


def of_account(user: int) -> list[Case]:
    """The account's requests, newest first: those it verified, and those of people who belong to it."""
    people = AccountPerson.objects.filter(user_id=user).values_list("person_id", flat=True)
    return list(Case.objects.filter(person__in=list(people), purpose=cases.PURPOSE).order_by("-received_utc"))
