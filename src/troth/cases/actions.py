"""Opening, verifying and answering requests. Each runs in one transaction with its event; jobs write the emails."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any, Self, TypeVar
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from troth import gate
from troth.cases import events, facts, timing
from troth.cases.denials import OTHER
from troth.cases.entries import AnswerNoted, RequestMade
from troth.cases.kinds import CaseKind, Nothing, kind_of
from troth.cases.models import Case, CaseNumber, by_id_locked
from troth.catalog import RoutingReason
from troth.collection.intake import Intake
from troth.records import profile, rights, stepping
from troth.security.actors import find_username

PURPOSE = timing.PURPOSE
PROGRAM = "program:cases"
ANSWERS = "program:answers"
"""Closes what a member of staff sent an answer to and wanted closed with it: the database names that one instead."""
NEEDED = 2
"""How many of the staff agree, as the database asks for."""
_TWICE = timedelta(minutes=1)
"""The same note within it was sent twice by one press."""

F = TypeVar("F")


class CaseProblem(Exception):
    """The case doesn't allow this; staff and customers may read the sentence that says why.

    `field`: of a form, beside which it is; without one it is the page's."""

    def __init__(self, sentence: str, field: str = "") -> None:
        super().__init__(sentence)
        self.field = field


@dataclass(frozen=True)
class Opened:
    """The request. `joined`: the same one was already open, and `case` is that one."""

    case: Case
    joined: bool


@dataclass(frozen=True, kw_only=True)
class CaseArrival:
    """How a request came in, and from whom.

    id        of the request, under which its data was kept
    person    whose it is; None for a procedure of the staff
    manner    by which way, as "form"
    at_utc    when it came in, which for mail may be days ago
    who       who gave it in: the person, or staff or an agent for them
    account   with which they were signed in
    business  asked by the contact of a business; callback: an agent wants to hear of changes"""

    id: UUID
    person: UUID | None
    manner: str
    at_utc: datetime
    who: str = "person"
    account: int | None = None
    business: bool = False
    callback: bool = False

    @classmethod
    def of(cls, intake: Intake) -> Self:
        """That of a form, of an email, or of what staff entered."""
        return cls(id=intake.cause, person=intake.person, manner=intake.manner, at_utc=intake.at_utc, who=intake.who)


def open_case(
    kind: CaseKind[F],
    arrival: CaseArrival,
    said: F | Nothing = Nothing(),  # noqa: B008 - nothing in it can change
    *,
    verified: bool = False,
    designated: bool = True,
    queue: str = "",
) -> Opened:
    """Records the request, starts its clock, queues its email and does what is due at once.

    It all happens in the caller's transaction.

    Takes   said: the facts that this kind alone knows; verified: whether a sign-in proved the person; queue: whose it
            is, where that isn't the kind's own"""
    person, account, at_utc, who = arrival.person, arrival.account, arrival.at_utc, arrival.who
    state = Case.RECEIVED if kind.routed else Case.OPEN if verified or not kind.proven else Case.UNVERIFIED
    if earlier := _living(kind, person=person, account=account, proven=verified):
        change = {"callback": True} if arrival.callback else {}
        events.add(earlier, "asked again", who=who, at_utc=at_utc, change=change)
        return Opened(earlier, joined=True)
    case = Case(
        id=arrival.id,
        number=CaseNumber.assign(kind.prefix, at_utc),
        kind=kind.id,
        purpose=kind.purpose,
        approves=kind.approves,
        queue=queue or kind.queue,
        person_id=person,
        account=account,
        state=state,
        manner=arrival.manner,
        business=arrival.business,
        callback=arrival.callback,
        received_utc=at_utc,
        facts=facts.write(said),
        **asdict(kind.clock(at_utc, designated=designated)),
    )
    events.begin(case, who=who, at_utc=at_utc)
    _note_requested(kind, case, who=who)
    _go_on(case, at_utc=at_utc, who=who)
    # Who is answered at once needs no other email that says we have the request.
    if not (case.state == Case.ANSWERED and "answered" in kind.emails):
        events.write(case, "received")
    return Opened(case, joined=False)


def _note_requested(kind: CaseKind[F], case: Case, *, who: str) -> None:
    """Records in the person's history that they made this request, for kinds whose history says so."""
    if kind.told and case.person_id is not None:
        gate.note(
            person=case.person_id,
            kind="requested",
            purpose=PURPOSE,
            who=who,
            cause=case.id,
            payload=RequestMade(case=kind.id, way=case.manner),
        )


def verify(case: UUID, *, at_utc: datetime, way: str, who: str = "person") -> Case:
    """Verifies the request, opens it and does what its kind does at once.

    Gives the earlier one if the same was asked before."""
    with transaction.atomic():
        found = _lock(case)
        if found.state != Case.UNVERIFIED:
            return found
        if earlier := _living(kind_of(found), person=found.person_id, account=found.account, proven=True):
            return _join(found, earlier, at_utc=at_utc)
        events.add(found, "verified", who=who, at_utc=at_utc, words=way)
        events.announce_change(found)
        _go_on(found, at_utc=at_utc, who=who)
    return found


def _go_on(case: Case, *, at_utc: datetime, who: str) -> None:
    """Does what follows from an open case: kinds act at once when the person or their agent asked or verified."""
    kind = kind_of(case)
    if case.state == Case.UNVERIFIED:
        return
    if kind.announces:
        events.write(case, events.ANNOUNCED)
    if kind.at_once is not None and (kind.routed or not find_username(who)):
        kind.at_once(case, at_utc)


def subjects(case: Case) -> tuple[UUID, ...]:
    """The people a case is about: everyone in the account or with the verified address, else only who asked.

    A sign-in proves nothing of an address that was typed into the form, so then only the account counts."""
    if case.person_id is None or not (case.account is not None or kind_of(case).proven):
        return (case.person_id,) if case.person_id else ()
    others = rights.people_of_case(case.id)
    return (case.person_id, *sorted(others - {case.person_id}))


def note(case: UUID, *, words: str, at_utc: datetime, who: str, what: str = "note") -> Case:
    """Adds a staff note about the work, never personal data; once, where the same one was sent twice."""
    with transaction.atomic():
        found = _lock(case)
        if not (what == "note" and _was_just_noted(found, words, at_utc=at_utc, who=who)):
            events.add(found, what, who=who, at_utc=at_utc, words=words)
    return found


def delete_note(note: UUID, *, who: str) -> bool:
    """Deletes a note that this member of staff added within the last hour; False for what is none of these."""
    return stepping.delete_note(note, who=who)


def _was_just_noted(case: Case, words: str, *, at_utc: datetime, who: str) -> bool:
    last = case.events.last()
    if last is None or (last.what, last.who, last.words) != ("note", who, words):
        return False
    return at_utc - last.at_utc < _TWICE


def assign(case: UUID, *, to: str, at_utc: datetime, who: str) -> Case:
    """Assigns the case to a member of staff by user name."""
    with transaction.atomic():
        found = _living_or_refused(case)
        events.add(found, "assigned", who=who, at_utc=at_utc, words=to, change={"assigned_to": to})
    return found


def ask_for(case: UUID, *, at_utc: datetime, who: str) -> Case:
    """Asks who has the case to hand it over to this member of staff; the last one who asked counts."""
    return _step(case, "asked for", at_utc=at_utc, who=who)


def keep(case: UUID, *, at_utc: datetime, who: str) -> Case:
    """The case isn't handed over to who asked for it."""
    return _step(case, "kept", at_utc=at_utc, who=who)


def extend(case: UUID, *, why: str, at_utc: datetime, who: str) -> Case:
    """As much more time as the law allows, once, before the first end; the person is notified why.

    Source  11 CCR 7021(b); GDPR art. 12 (3)"""
    with transaction.atomic():
        found = _living_or_refused(case)
        if found.law_utc is None or not timing.may_extend(found):
            raise CaseProblem(_("No law allows more time for this type of request."))
        if found.extended_utc or at_utc > found.law_utc:
            raise CaseProblem(_("A request can be extended once, before its deadline."))
        clock = timing.extend(found)
        later = {"due_utc": clock.due, "law_utc": clock.law, "notice_utc": timing.notice(clock), "extended_why": why}
        events.add(found, "extended", who=who, at_utc=at_utc, words=why, change=later)
        events.write(found, "extended")
        events.announce_change(found)
    return found


def approve(case: UUID, *, what: str, who: str, at_utc: datetime) -> int:
    """Approves the step; returns how many have. Raises Refusal: the same person twice, not open, not privacy staff."""
    with transaction.atomic():
        count = rights.approve(case, what=what, who=who)
        events.add(Case.objects.get(pk=case), "approved", who=who, at_utc=at_utc, words=what)
    return count


def is_agreed(case: Case) -> bool:
    """Whether it is open and two staff members approved its step."""
    return case.state == Case.OPEN and case.approvals.filter(what=kind_of(case).approves).count() >= NEEDED


def require_agreed(case: Case, what: str) -> None:
    """Returns only if two staff members approved the step of this open case.   Raises  CaseProblem."""
    if case.state != Case.OPEN or kind_of(case).approves != what:
        raise CaseProblem(_("That action isn’t available here."))
    if not is_agreed(case):
        raise CaseProblem(_("Two different staff members must approve it first."))


def answer(case: UUID, *, nature: str, at_utc: datetime, who: str, email: bool = True) -> Case:
    """Answers the case. `nature` is a code: "complied", "complied in part", "nothing held", "told"."""
    return _end(case, "answered", at_utc=at_utc, who=who, email=email, nature=nature)


def state(case: Case, said: object, what: str, *, at_utc: datetime, who: str, words: str) -> None:
    """Replaces the facts of a case by `said`, with an event of this name."""
    events.add(case, what, who=who, at_utc=at_utc, words=words, change={"facts": facts.write(said)})


def note_answer(case: Case, *, who: str, at_utc: datetime, email: bool = True) -> bool:
    """Closes a case that someone marks as answered; the person's history names who did.

    Takes   email: whether an email says that it's closed, where its kind has one.
    Gives   False for one that is not open, which stays as it is."""
    with transaction.atomic():
        found = _lock(case.pk)
        if found.state != Case.OPEN:
            return False
        answer(found.pk, nature="complied", at_utc=at_utc, who=who, email=email)
        assert found.person_id is not None
        gate.note(
            person=found.person_id,
            kind="answered",
            purpose=found.purpose,
            who=who,
            cause=found.id,
            payload=AnswerNoted(number=found.number),
        )
    return True


def refuse(case: UUID, *, because: str, at_utc: datetime, who: str) -> None:
    """Ends a received case that the policy doesn't allow to pass on. Nothing leaves, and staff see why.

    Takes   because: the code of the law's decision"""
    with transaction.atomic():
        if _lock(case).state == Case.RECEIVED:
            alarm = str(RoutingReason("refused", {"because": because}))
            _end(case, "denied", at_utc=at_utc, who=who, nature=Case.REFUSED, alarm=alarm, email=False)


def deny(case: UUID, *, basis: str, at_utc: datetime, who: str, reason: str = OTHER) -> Case:
    """Denies the case: "not verified", or a sentence that the person reads. `reason`: one of REASONS."""
    return _end(case, "denied", at_utc=at_utc, who=who, nature="denied", basis=basis, denial=reason)


def withdraw(case: UUID, *, at_utc: datetime, who: str) -> Case:
    """Ends the case because the person no longer wants it."""
    return _end(case, "withdrawn", at_utc=at_utc, who=who, email=False, nature="withdrawn")


def _living(kind: CaseKind[F], *, person: UUID | None, account: int | None, proven: bool) -> Case | None:
    """The open case of the same kind that this one would repeat. Without a proof only their own counts."""
    if person is None or not kind.joins:
        return None
    by_address = proven and account is None and kind.proven
    people: Sequence[UUID] = profile.people_of(person) if by_address else (person,)
    # A case that a sign-in proved is the account's, whatever address was typed into it.
    theirs = Q(account=account) if account else Q(person__in=people, account=None)
    living = kind.rows().filter(theirs, state=Case.OPEN if proven else Case.UNVERIFIED)
    return living.order_by("received_utc").first()


def _join(case: Case, earlier: Case, *, at_utc: datetime) -> Case:
    ended = {"nature": Case.JOINED, "joined": earlier.number}
    events.add(case, "joined", who="person", at_utc=at_utc, words=earlier.number, change=ended)
    told = {"callback": True} if case.callback else {}
    events.add(earlier, "asked again", who="person", at_utc=at_utc, change=told)
    events.announce_change(case)
    return earlier


def _step(case: UUID, what: str, *, at_utc: datetime, who: str, words: str = "") -> Case:
    with transaction.atomic():
        found = _lock(case)
        events.add(found, what, who=who, at_utc=at_utc, words=words)
    return found


def _end(
    case: UUID,
    what: str,
    *,
    at_utc: datetime,
    who: str,
    nature: str,
    email: bool = True,
    **more: str,
) -> Case:
    with transaction.atomic():
        found = _living_or_refused(case)
        change: Mapping[str, Any] = {"nature": nature, "alarm": "", **more}
        events.add(found, what, who=who, at_utc=at_utc, change=change)
        if email:
            events.write(found, what)
        events.announce_change(found)
    return found


def _lock(case: UUID) -> Case:
    found: Case | None = by_id_locked(Case).first(id=case)
    if found is None:
        raise Case.DoesNotExist
    return found


def _living_or_refused(case: UUID) -> Case:
    found = _lock(case)
    if found.state not in Case.LIVING:
        raise CaseProblem(_("This request is closed and can’t be changed."))
    return found
