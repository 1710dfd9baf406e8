"""What a privacy request does by itself: some are answered at once, the others wait for staff."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from troth import gate
from troth.access.preferences import actions as preferences
from troth.access.preferences.sheet import sheet
from troth.access.requests import telling
from troth.cases import actions as cases
from troth.cases.kinds import KINDS
from troth.cases.models import Case
from troth.desk.receipts import RequestReceipt
from troth.records import profile
from troth.records.models import AccountPerson

SIGNALS_PROMISE = "signals.honored"
AT_ONCE = frozenset({"access", "copy", "opt-out", "restriction"})
"""Kinds that no member of staff has to work on once the person is proven."""
CONFIRMED_AGAIN = frozenset({"erasure"})
"""What cannot be undone begins only when she has read what goes and what stays, and says so once more."""


class Record:
    """Opens a request of one kind with the form that came in, in the form's transaction."""

    def __init__(self, kind: str) -> None:
        self.kind = kind

    def __call__(
        self, values: Mapping[str, str], *, request: UUID, person: UUID, place: str, version: int, at_utc: datetime
    ) -> Case:
        joined = AccountPerson.objects.filter(person=person).first()
        opened = cases.open_case(
            id=request,
            kind=self.kind,
            person=person,
            manner="account" if joined else "form",
            account=joined.user_id if joined else None,
            verified=joined is not None and self.kind not in CONFIRMED_AGAIN,
            at_utc=at_utc,
        )
        if not opened.joined:
            carry_out(opened.case.id, at_utc=at_utc)
        return opened.case


def prove(case: UUID, *, at_utc: datetime, way: str = "mailed link") -> Case:
    """The case after the button of its page was pressed, and what can be done at once, done."""
    with transaction.atomic():
        found = cases.verify(case, at_utc=at_utc, way=way)
        return carry_out(found.id, at_utc=at_utc)


def carry_out(case: UUID, *, at_utc: datetime) -> Case:
    """The case answered, if it is open and of a kind that needs nobody."""
    found = Case.objects.get(pk=case)
    if found.state != Case.OPEN or found.kind not in AT_ONCE:
        return found
    match found.kind:
        case "opt-out":
            _opt_out(found)
        case "restriction":
            _restrict(found, at_utc=at_utc)
    return cases.answer(found.id, nature="complied", at_utc=at_utc, who=cases.PROGRAM, email=KINDS[found.kind].proven)


def receipt(request: UUID) -> RequestReceipt | None:
    """What the receipt page says; nothing if this room has no such request."""
    case = Case.objects.filter(pk=request).first()
    if case is None:
        return None
    heading = _("We received your request: %(kind)s") % {"kind": KINDS[case.kind].title}
    confirm = _("One step is left: open it under “Your privacy requests”, read what will be deleted, and confirm.")
    leads = {
        Case.UNVERIFIED: confirm if case.account is not None else telling.how_to_confirm(case),
        Case.OPEN: _("Our privacy team has it. We’ll reply to the address you gave."),
        Case.ANSWERED: _("It’s done. You’ll find the answer in your account, under Privacy requests.")
        if case.account is not None
        else _("It’s done. If there is something to read, we email a link to the address you gave."),
    }
    return RequestReceipt(
        request=case.id,
        number=case.number,
        received_utc=case.received_utc,
        heading=heading,
        lead=leads.get(case.state, ""),
        purpose=cases.PURPOSE,
        # Midnight belongs to the day before: nobody should read the day after as the last one.
        due_utc=case.due_utc - timedelta(minutes=1) if case.state in Case.LIVING else None,
    )


def of_account(user: int) -> list[Case]:
    """The requests of an account, newest first: those it proved, and those of people who belong to it."""
    people = AccountPerson.objects.filter(user_id=user).values_list("person_id", flat=True)
    return list(Case.objects.filter(person__in=list(people)).order_by("-received_utc"))


def _opt_out(case: Case) -> None:
    """It counts at once for all who gave the address. It can only ever close something, so nobody need prove it."""
    assert case.person_id is not None
    promise = gate.policy().promises.get(SIGNALS_PROMISE)
    for person in profile.people_of(case.person_id):
        profile.note_signal(person, section=promise.section if promise else "", way="request")


def _restrict(case: Case, *, at_utc: datetime) -> None:
    people = cases.subjects(case)
    wanted = {choice.question: False for choice in sheet(people, at_utc=at_utc).choices if choice.on}
    preferences.save_for(people, wanted, way="privacy request", at_utc=at_utc)
