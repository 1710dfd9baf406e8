"""Turns a form into stored data, a room's request and a private link, in one transaction."""

from datetime import datetime
from typing import TypeVar
from uuid import UUID

from django.db import transaction

from troth.collection.forms.form import PolicyForm
from troth.collection.forms.nonce import spend
from troth.collection.forms.take import take
from troth.collection.intake import Intake, Record
from troth.records import KeptRequest
from troth.records.ids import new_id
from troth.records.profile import note_signals
from troth.security import links

Recorded = TypeVar("Recorded")


def receive(form: PolicyForm, *, record: Record[object], at_utc: datetime, gpc: bool = False) -> links.Link:
    """Stores the data and records the request. Returns the receipt's link.

    Takes   gpc: whether the browser sent Global Privacy Control, which is then in their history. Policy: #C14
    Raises  AlreadySent, with the receipt of the first time, for a form that was sent before."""
    cause, receipt = new_id(), new_id()
    with transaction.atomic():
        spend(form.nonce, form=form.collect.id, receipt=receipt)
        kept = take(form, cause=cause, at_utc=at_utc)
        if gpc:
            promise = form.policy.promises.get("signals.honored")
            note_signals([kept.person], section=promise.section if promise else "", way=form.collect.id)
        record(make_intake(form, cause=cause, kept=kept, at_utc=at_utc))
        return links.make(link=receipt, person=kept.person, power=links.Link.MASKED, cause=cause, at_utc=at_utc)


def receive_from_staff(
    form: PolicyForm,
    *,
    record: Record[Recorded],
    who: str,
    at_utc: datetime,
    received_utc: datetime | None = None,
    manner: str = "form",
) -> Recorded:
    """Stores what staff entered, and gives what the room records of it.

    Takes   received_utc: when it reached us, where that was before
    Raises  AlreadySent"""
    cause = new_id()
    with transaction.atomic():
        spend(form.nonce, form=form.collect.id, receipt=cause)
        kept = take(form, cause=cause, at_utc=at_utc, who=who)
        return record(make_intake(form, cause=cause, kept=kept, at_utc=received_utc or at_utc, manner=manner, who=who))


def make_intake(
    form: PolicyForm, *, cause: UUID, kept: KeptRequest, at_utc: datetime, manner: str = "form", who: str = "person"
) -> Intake:
    """What a room gets of a form once `take` has kept its data."""
    return Intake(
        values=form.values,
        cause=cause,
        person=kept.person,
        place=form.collect.id,
        version=form.policy.version,
        at_utc=at_utc,
        manner=manner,
        who=who,
        data=kept.data,
    )
