"""Requests opened, proven, answered. Each runs in one transaction with its event; emails follow by jobs."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from troth import gate
from troth.cases import events, timing
from troth.cases.denials import OTHER
from troth.cases.kinds import KINDS
from troth.cases.models import Case, CaseNumber
from troth.records import profile, rights

PURPOSE = timing.PURPOSE
PROGRAM = "program:cases"
JOINED, ERASED = "joined", "erased"
"""Natures of an end that nobody decided: the same was asked before; the person's data went, and this with it."""


class CaseProblem(Exception):
    """What was asked of a case cannot be done; the sentence says why, and may be read by staff and customers."""


@dataclass(frozen=True)
class Opened:
    """`joined`: the same was asked before and is still open; `case` is that earlier one."""

    case: Case
    joined: bool


def open_case(
    *,
    id: UUID,
    kind: str,
    person: UUID | None,
    manner: str,
    at_utc: datetime,
    account: int | None = None,
    verified: bool = False,
    designated: bool = True,
    business: bool = False,
    facts: Mapping[str, Any] | None = None,
    who: str = "person",
) -> Opened:
    """The request received, its clock started and its email queued, in the caller's transaction.

    Takes   id: of the request that its data were kept under; at_utc: when it came in, which for post may be days ago;
            verified: whether a sign-in proved the person.
    Raises  CaseProblem: no such kind."""
    if kind not in KINDS:
        raise CaseProblem(_("This type of request doesn’t exist."))
    proven = verified or not KINDS[kind].proven
    if earlier := _living(kind, person=person, account=account, proven=verified):
        events.add(earlier, "asked again", who=who, at_utc=at_utc)
        return Opened(earlier, joined=True)
    regime, clock = timing.clock(kind, at_utc, designated=designated)
    case = Case(
        id=id,
        number=f"P-{at_utc.year}-{CaseNumber.objects.create().pk:04d}",
        kind=kind,
        person_id=person,
        account=account,
        state=Case.OPEN if proven else Case.UNVERIFIED,
        manner=manner,
        regime=regime,
        business=business,
        received_utc=at_utc,
        confirm_utc=clock.confirm,
        notice_utc=timing.notice(clock),
        due_utc=clock.due,
        law_utc=clock.law,
        facts=dict(facts or {}),
    )
    events.begin(case, who=who, at_utc=at_utc)
    if person is not None:
        gate.note(
            person=person, kind="requested", purpose=PURPOSE, who=who, request=id, payload={"case": kind, "way": manner}
        )
    events.write(case, "received")
    if proven and kind == "erasure":
        events.write(case, "announced")
    return Opened(case, joined=False)


def verify(case: UUID, *, at_utc: datetime, way: str, who: str = "person") -> Case:
    """The case open: whoever asked proved the address. The earlier one, if the same was asked before."""
    with transaction.atomic():
        found = _locked(case)
        if found.state != Case.UNVERIFIED:
            return found
        if earlier := _living(found.kind, person=found.person_id, account=found.account, proven=True):
            return _join(found, earlier, at_utc=at_utc)
        events.add(found, "verified", who=who, at_utc=at_utc, words=way)
        if found.kind == "erasure":
            events.write(found, "announced")
        events.changed(found)
    return found


def subjects(case: Case) -> tuple[UUID, ...]:
    """The people whom the case is about: all of the account or of the address that was proven, else who asked alone.

    A sign-in proves nothing of an address that was typed into the form, so then only the account counts."""
    if case.person_id is None or not (case.account is not None or KINDS[case.kind].proven):
        return (case.person_id,) if case.person_id else ()
    others = rights.people_of_case(case.id)
    return (case.person_id, *sorted(others - {case.person_id}))


def confirm(case: UUID, *, at_utc: datetime, who: str) -> Case:
    """That we have the request and work on it was said to the person, by whatever way."""
    return _step(case, "confirmed", at_utc=at_utc, who=who)


def note(case: UUID, *, words: str, at_utc: datetime, who: str, what: str = "note") -> Case:
    """What staff wrote down about the work: never a value of the person."""
    return _step(case, what, at_utc=at_utc, who=who, words=words)


def assign(case: UUID, *, to: str, at_utc: datetime, who: str) -> Case:
    """The case with the member of staff of this user name."""
    with transaction.atomic():
        found = _living_or_refused(case)
        events.add(found, "assigned", who=who, at_utc=at_utc, words=to, change={"assigned_to": to})
    return found


def extend(case: UUID, *, why: str, at_utc: datetime, who: str) -> Case:
    """45 days more, once, before the first end; the person is told why.   Source  11 CCR 7021(b)"""
    with transaction.atomic():
        found = _living_or_refused(case)
        if found.regime != timing.CCPA or found.kind == "opt-out":
            raise CaseProblem(_("No law allows more time for this type of request."))
        if found.extended_utc or at_utc > found.law_utc:
            raise CaseProblem(_("A request can be extended once, before its deadline."))
        clock = timing.extended(found.received_utc, found.confirm_utc, found.due_utc, found.law_utc)
        later = {"due_utc": clock.due, "law_utc": clock.law, "notice_utc": timing.notice(clock), "extended_why": why}
        events.add(found, "extended", who=who, at_utc=at_utc, words=why, change=later)
        events.write(found, "extended")
        events.changed(found)
    return found


def approve(case: UUID, *, what: str, who: str, at_utc: datetime) -> int:
    """How many agree now. Raises Refusal: the same person twice, not open, not of the privacy people."""
    with transaction.atomic():
        count = rights.approve(case, what=what, who=who)
        events.add(Case.objects.get(pk=case), "approved", who=who, at_utc=at_utc, words=what)
    return count


def answer(case: UUID, *, nature: str, at_utc: datetime, who: str, email: bool = True) -> Case:
    """The case answered; `nature` is a code: "complied", "complied in part", "nothing held", "told"."""
    return _end(case, "answered", at_utc=at_utc, who=who, email=email, nature=nature)


def deny(case: UUID, *, basis: str, at_utc: datetime, who: str, reason: str = OTHER) -> Case:
    """The case denied on a basis: "not verified", or a sentence that the person reads. `reason`: one of REASONS."""
    with transaction.atomic():
        facts = {**_living_or_refused(case).facts, "denial": reason}
        return _end(case, "denied", at_utc=at_utc, who=who, nature="denied", basis=basis, facts=facts)


def withdraw(case: UUID, *, at_utc: datetime, who: str) -> Case:
    """The case ended because the person wants it no more."""
    return _end(case, "withdrawn", at_utc=at_utc, who=who, email=False, nature="withdrawn")


def _living(kind: str, *, person: UUID | None, account: int | None, proven: bool) -> Case | None:
    """The open case of the same kind that this one would repeat. Without a proof only her own counts."""
    if person is None:
        return None
    by_address = proven and account is None and KINDS[kind].proven
    people: Sequence[UUID] = profile.people_of(person) if by_address else (person,)
    # A case that a sign-in proved is the account's, whatever address was typed into it.
    hers = Q(account=account) if account else Q(person__in=people, account=None)
    living = Case.objects.filter(hers, kind=kind, state=Case.OPEN if proven else Case.UNVERIFIED)
    return living.order_by("received_utc").first()


def _join(case: Case, earlier: Case, *, at_utc: datetime) -> Case:
    ended = {"nature": JOINED, "facts": {**case.facts, "joined": earlier.number}}
    events.add(case, "joined", who="person", at_utc=at_utc, words=earlier.number, change=ended)
    told = {"facts": {**earlier.facts, "callback": True}} if case.facts.get("callback") else {}
    events.add(earlier, "asked again", who="person", at_utc=at_utc, change=told)
    events.changed(case)
    return earlier


def _step(case: UUID, what: str, *, at_utc: datetime, who: str, words: str = "") -> Case:
    with transaction.atomic():
        found = _locked(case)
        events.add(found, what, who=who, at_utc=at_utc, words=words)
    return found


def _end(
    case: UUID,
    what: str,
    *,
    at_utc: datetime,
    who: str,
    nature: str,
    basis: str = "",
    facts: Mapping[str, Any] | None = None,
    email: bool = True,
) -> Case:
    with transaction.atomic():
        found = _living_or_refused(case)
        ended = {"nature": nature, "basis": basis, **({"facts": facts} if facts is not None else {})}
        events.add(found, what, who=who, at_utc=at_utc, change=ended)
        if email:
            events.write(found, what)
        events.changed(found)
    return found


def _locked(case: UUID) -> Case:
    return Case.objects.select_for_update().get(pk=case)


def _living_or_refused(case: UUID) -> Case:
    found = _locked(case)
    if found.state not in Case.LIVING:
        raise CaseProblem(_("This request is closed and can’t be changed."))
    return found
