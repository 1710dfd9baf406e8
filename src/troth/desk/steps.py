"""What happened to a request so far, in words for the staff who work on it."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils.text import capfirst
from django.utils.translation import gettext as _

from troth import in_force, outbox
from troth.cases.events import list_causes
from troth.cases.kinds import kind_of, name_end
from troth.cases.models import Case, CaseEvent
from troth.desk import handovers
from troth.desk.telling import NO_DETAILS, Details, name_actor, tell_answered, tell_event
from troth.queries import PreparedQuery, Slot
from troth.security.crew import names_of
from troth.words.codes import in_words as code_in_words
from troth.words.values import moment

_TOLD = frozenset({"received", "passed on", "answered", "denied"})
"""Events that `list_all_steps` tells in words of its own."""
_EVENTS = PreparedQuery(lambda: CaseEvent.objects.filter(case=Slot("case")))
_SAID = frozenset({"wrote", "replied"})


@dataclass(frozen=True)
class Step:
    """One thing that happened.

    note  the words of an internal note; a conversation shows it instead of Activity
    id    of the event, where it is one; `said`: a message of the conversation is all that it tells of"""

    text: str
    at_utc: datetime
    who: str = ""
    note: str = ""
    id: UUID | None = None
    said: bool = False


def list_all_steps(case: Case, place: str, *own: Step, details: Details = NO_DETAILS) -> list[Step]:
    """From received to answered, oldest first.

    Takes   place: through which it came; own: what its room tells in words of its own"""
    told = [_make_received_step(place, case.received_utc), *own, *_make_answered_steps(case)]
    return sorted([*told, *list_steps(case, but=_TOLD, details=details)], key=lambda step: step.at_utc)


def list_steps(case: Case, *, but: Collection[str] = (), details: Details = NO_DETAILS) -> list[Step]:
    """The events of a case and the status of its emails, oldest first.

    Takes   but: events that a room tells in words of its own; details: of the room's own events."""
    every = _EVENTS.list(case=case.pk)
    events = [event for event in every if event.what not in but]
    names = names_of(event.who for event in events)
    told = [
        Step(
            tell_event(each, case, details),
            each.at_utc,
            names.get(each.who) or name_actor(each),
            note=each.words if each.what == "note" else "",
            id=each.pk,
            said=each.what in _SAID,
        )
        for each in events
    ]
    causes = list_causes(case.pk, sum(each.what == "reopened" for each in every))
    return sorted([*told, *_make_email_steps(causes)], key=lambda step: step.at_utc)


def list_approvals(case: Case) -> list[Step]:
    """Who agreed to what it is carried out by, in that order; nothing where nobody has to."""
    approves = kind_of(case).approves
    agreed = list(case.approvals.filter(what=approves).order_by("at_utc")) if approves else []
    names = names_of(each.who for each in agreed)
    return [Step(names.get(each.who, each.who), each.at_utc) for each in agreed]


def tell_ended(case: Case) -> str:
    """Who ended a request meanwhile, and when, to whom tries to do more with it; "" while it is open."""
    if case.state in Case.LIVING:
        return ""
    ended = case.events.filter(what=case.state).last()
    if ended is None:
        return _("This request is closed and can’t be changed.")
    name = names_of([ended.who]).get(ended.who) or name_actor(ended)
    said = {"name": name, "at": moment(ended.at_utc), "what": capfirst(code_in_words(name_end(case, case.state)))}
    return _("%(what)s by %(name)s, %(at)s. Nothing was changed.") % said


def _make_received_step(place: str, at_utc: datetime) -> Step:
    stated = in_force.policy().collects.get(place)
    return Step(_("Received through “%(place)s”") % {"place": stated.title if stated else place}, at_utc)


def _make_answered_steps(case: Case) -> list[Step]:
    """Who marked it as answered; older requests don't know."""
    if case.state != Case.ANSWERED or case.answered_utc is None:
        return []
    return [Step(tell_answered(case.answered_by), case.answered_utc)]


def make_given_steps(person: UUID, cause: UUID) -> list[Step]:
    """Who got what of a request."""
    return [Step(_describe_given(each), each.at_utc) for each in handovers.list_received(person, cause).given]


def _make_email_steps(causes: Sequence[UUID]) -> list[Step]:
    """What happened to each email about a request."""
    return [Step(mail.sentence, mail.at_utc) for mail in outbox.of_request(*causes, you=_("the person"))]


def _describe_given(given: handovers.HandOver) -> str:
    named = {"recipient": given.to, "kinds": given.kinds}
    if given.arrived:
        return _("Given to %(recipient)s: %(kinds)s") % named
    return _("Not yet delivered to %(recipient)s: %(kinds)s") % named
