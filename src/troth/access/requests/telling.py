"""A case in words: where it stands, by when it is answered, what happened."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import formats, timezone
from django.utils.translation import gettext as _

from troth import gate, outbox
from troth.cases import erasing, letters, timing
from troth.cases.kinds import KINDS, PUBLIC, CaseKind
from troth.cases.models import Case
from troth.collection.site import site


@dataclass(frozen=True)
class Told:
    """One case as a list or page shows it. `mark` is the look's state: warn waits for her, "" for us, kept is done."""

    number: str
    kind: CaseKind
    state: str
    mark: str
    received_utc: datetime
    answer: str
    living: bool
    unverified: bool
    answered: bool
    next: str
    address: str


@dataclass(frozen=True)
class Step:
    at_utc: datetime
    words: str


def offered() -> list[tuple[CaseKind, str]]:
    """Each kind that a person may ask for, with its clock in words."""
    return [(kind, clock_of(kind.id)) for kind in PUBLIC]


def clock_of(kind: str) -> str:
    """By the end of Wed 23 Dec 2026, PST, if asked now."""
    _regime, clock = timing.clock(kind, timezone.now())
    return _("If you ask now, you have an answer by the end of %(day)s.") % {"day": day(clock.due)}


def told(case: Case) -> Told:
    state, mark, following = _state(case)
    return Told(
        number=case.number,
        kind=KINDS[case.kind],
        state=state,
        mark=mark,
        received_utc=case.received_utc,
        answer=day(case.due_utc) if case.state in Case.LIVING else "",
        living=case.state in Case.LIVING,
        unverified=case.state == Case.UNVERIFIED,
        answered=case.state == Case.ANSWERED,
        next=following,
        address=f"/account/requests/{case.number}/",
    )


def steps(case: Case) -> list[Step]:
    """What happened, in words; what staff noted for themselves is not told here."""
    words = {
        "received": _("We received your request."),
        "verified": _("You confirmed the request: it is yours."),
        "asked again": _("The same was asked again, and joined this request."),
        "confirmed": _("We confirmed your request."),
        "assigned": _("One of our privacy people took it up."),
        "extended": _("We needed more time: %(why)s") % {"why": case.extended_why},
        "notice": _("The time to answer was running out, so we had to tell you what happens next."),
        "approved": _("One of our people agreed. Two must."),
        "erasing": _("The deletion has begun."),
        "announced": _("We told the owner of each account that this touches."),
        "erased": _("Your data was deleted, and this request ended with it."),
        "answered": _("Answered."),
        "denied": _("Not carried out."),
        "withdrawn": _("You withdrew the request."),
        "joined": _("The same was asked before, and still open: this request joined it."),
        "no letter possible": _("We could not write to you: we hold no address that may be used for this."),
    }
    happened = [Step(event.at_utc, words[event.what]) for event in case.events.all() if event.what in words]
    mailed = [Step(mail.at_utc, mail.sentence) for mail in outbox.of_request(case.id, you=_("you"))]
    return sorted([*happened, *mailed], key=lambda step: step.at_utc)


def how_to_confirm(case: Case) -> str:
    """What is left to do for somebody who asked, by what became of the letter that carries the link."""
    mailed = letters.written(case, "received")
    if mailed is None:
        return _("We have not written to you yet. Look again in a moment.")
    if mailed.sent:
        return _("We wrote to the address that you gave. Open the link in that email and press its button.")
    if mailed.state in outbox.Letter.ON_ITS_WAY:
        return _("%(sentence)s Open the link in that email and press its button.") % {"sentence": mailed.sentence}
    return mailed.sentence


def kept() -> Sequence[tuple[str, str]]:
    """What a law makes us keep, though somebody asks to delete it: title and why."""
    kinds = gate.policy().kinds
    return [(kinds[kind].title, law) for kind, law in erasing.kept_kinds().items()]


def day(at_utc: datetime) -> str:
    """The day that ends there, where the vendor is: a clock's midnight belongs to the day before."""
    return formats.date_format(timezone.localtime(at_utc - timedelta(microseconds=1), site().brand.zone), "D j M Y, T")


def _state(case: Case) -> tuple[str, str, str]:
    """State, mark, and what comes next."""
    match case.state:
        case Case.UNVERIFIED if case.account is not None:
            return _("waits for you"), "warn", _("Read what follows, then press the button: nothing begins before.")
        case Case.UNVERIFIED:
            return _("waits for you"), "warn", how_to_confirm(case)
        case Case.OPEN if case.kind == "erasure":
            return _("being worked on"), "", _("Two of our people check the request; then everything is deleted.")
        case Case.OPEN:
            return _("being worked on"), "", _("One of our privacy people answers. You need not do anything.")
        case Case.ANSWERED if case.nature == "nothing held":
            return _("answered"), "kept", _("We hold nothing that this could be about.")
        case Case.ANSWERED if case.nature == "complied in part":
            return _("answered in part"), "kept", _("What a law makes us keep stays until its time is over.")
        case Case.ANSWERED:
            return _("answered"), "kept", ""
        case Case.DENIED:
            return _("not carried out"), "stop", _denied(case)
    match case.nature:
        case "erased":
            return _("ended"), "kept", _("Your data was deleted, and this request ended with it.")
        case "joined":
            return _("joined"), "kept", _("It goes on as the request that you made before.")
    return _("withdrawn"), "kept", _("You can ask again at any time.")


def _denied(case: Case) -> str:
    if case.basis == "not verified":
        return _("Nobody showed in time that the request was yours. You can ask again at any time.")
    return _("The reason: %(basis)s") % {"basis": case.basis}
