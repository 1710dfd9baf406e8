"""A privacy request in words: its state, its due date, and what happened."""

from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from troth import outbox
from troth.cases import emails
from troth.cases.kinds import CaseKind, kind_of, kinds
from troth.cases.models import Case
from troth.cases.rights import RightsKind, describe_carried
from troth.desk.portal import RequestState
from troth.words.values import last_day


@dataclass(frozen=True)
class Told:
    """One request as lists and pages show it. `mark`: warn waits for the person, "" for us, kept is done."""

    number: str
    kind: CaseKind[object]
    state: str
    mark: str
    received_utc: datetime
    answer: str
    living: bool
    unverified: bool
    answered: bool
    next: str
    address: str


def list_offered() -> list[tuple[RightsKind, str]]:
    """Each kind that a person may request, with its deadline in words."""
    return [(kind, clock_of(kind)) for kind in kinds().values() if isinstance(kind, RightsKind) and kind.is_offered]


def clock_of(kind: RightsKind) -> str:
    """By the end of Wed, Dec 23, 2026, PST, if asked now."""
    return _("If you ask now, we answer by the end of %(day)s.") % {"day": last_day(kind.clock(timezone.now()).due_utc)}


def describe(case: Case) -> Told:
    state, mark, following = _state(case)
    return Told(
        number=case.number,
        kind=kind_of(case),
        state=state,
        mark=mark,
        received_utc=case.received_utc,
        answer=last_day(case.due_utc) if case.state in Case.LIVING else "",
        living=case.state in Case.LIVING,
        unverified=case.state == Case.UNVERIFIED,
        answered=case.state == Case.ANSWERED,
        next=following,
        address=f"/account/requests/{case.number}/",
    )


def tell_state(case: Case) -> RequestState:
    """Its state, as the portal shows it."""
    return RequestState(*_state(case))


def how_to_confirm(case: Case) -> str:
    """The next step for someone who has to verify a request, by what happened to the email with the link."""
    mailed = emails.find_email(case, "received")
    if mailed is None:
        return _("We haven’t emailed you yet. Check again in a moment.")
    if mailed.sent:
        return _("We sent an email to the address you gave. Open the link in that email and confirm the request.")
    if mailed.state in outbox.QueuedEmail.ON_ITS_WAY:
        return _("%(sentence)s Open the link in that email and confirm the request.") % {"sentence": mailed.sentence}
    return mailed.sentence


def _state(case: Case) -> tuple[str, str, str]:
    """State, mark, and what comes next."""
    match case.state:
        case Case.UNVERIFIED if case.account is not None:
            return (
                _("waiting for you"),
                "warn",
                _("Read the details below, then confirm. Nothing happens until you do."),
            )
        case Case.UNVERIFIED:
            return (
                _("waiting for you"),
                "warn",
                _("Confirm below that the request is yours. Nothing happens until you do."),
            )
        case Case.OPEN:
            kind = kind_of(case)
            return _("in progress"), "", str(kind.waits) if isinstance(kind, RightsKind) else ""
        case Case.ANSWERED if case.nature == "nothing held":
            return _("answered"), "kept", _("We hold no data that this request could be about.")
        case Case.ANSWERED if case.nature == "complied in part":
            return _("partly completed"), "kept", _("We keep what the law requires until its retention period ends.")
        case Case.ANSWERED:
            return _("answered"), "kept", describe_carried(case)
        case Case.DENIED:
            return _("not carried out"), "stop", _describe_denial(case)
    match case.nature:
        case "erased":
            return _("ended"), "kept", _("Your data was deleted, and this request ended with it.")
        case "joined":
            return _("merged"), "kept", _("It continues as part of your earlier request.")
    return _("withdrawn"), "kept", _("You can ask again at any time.")


def _describe_denial(case: Case) -> str:
    if case.basis == "not verified":
        return _("The request wasn’t confirmed in time. You can ask again at any time.")
    return _("Reason: %(basis)s") % {"basis": case.basis}
