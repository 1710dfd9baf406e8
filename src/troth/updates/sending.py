"""Once a version is announced or in force: whom it concerns is noted, each gets one email, the silent one reminder.

begin   the newest version, adopted or announced, that nobody was notified of; it supersedes what is still being asked
note    each person in order: asked, told, by which way; killed anywhere, it goes on after the last one
settle  what was announced is in force, and newcomers are noted; or it was withdrawn, and who got an email gets another
plan    the emails, a day after the other by the pace; planned twice, nobody gets two
"""

import json
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid5

from django.conf import settings
from django.db import transaction

from troth import due, gate, in_force, queue
from troth.outbox import batches, many, turns
from troth.records.calls import read_binary, rows
from troth.security.models import User
from troth.updates import answering, mailing, reminding
from troth.updates.effects import NOTICES, PURPOSE, Effect, Effects
from troth.updates.models import Adoption, PolicyUpdate, UpdateReader

BY_STAFF = "staff"
_A_CHUNK = 20_000
_A_DAY = timedelta(days=1)
_NOBODY_YET = UUID(int=0)
Phase = PolicyUpdate.Phase
_WAYS = {PURPOSE: UpdateReader.EMAIL, NOTICES: UpdateReader.NOTICE, "": UpdateReader.VISIT}
LATER = (*reminding.UNDER_WAY, Phase.WITHDRAWN)
"""States in which emails follow the first one: reminders, or that it was withdrawn."""
_NO_GROUP = (0, UpdateReader.EMAIL, (), (), b"")
"""Of an update that concerns nobody: its sending begins and ends."""
_ASKING = (Phase.READING, Phase.SENDING, Phase.STOPPED)


class NotInPhase(Exception):
    """The update is in another state by now."""


@dataclass(frozen=True)
class Start:
    """Two versions: people heard of the first one and those before, and are asked about those after the second one."""

    told: int
    asked: int


def begin(*, at_utc: datetime) -> PolicyUpdate | None:
    """The update of the newest version, if it is new; it asks about the sum of what is still being asked."""
    with transaction.atomic():
        settle()
        law, announced = in_force.coming(), in_force.find_announced()
        updates = PolicyUpdate.objects.select_for_update().exclude(state=Phase.WITHDRAWN)
        known = {each.version: each for each in updates}
        missing = sorted(number for number in law.versions if number > 1 and number not in known)
        if not missing or missing[-1] != law.current:
            return None
        asking = [each for each in known.values() if _is_asking(each)]
        for each in asking:
            _supersede(each)
        start = _find_start(asking, otherwise=missing[0] - 1)
        for number in missing[:-1]:
            _create(number, start, state=Phase.SUPERSEDED)
        awaits = announced.id if announced else None
        made = _create(law.current, start, state=Phase.READING, begun_utc=at_utc, awaits=awaits)
        queue.defer("updates.send", update=str(made.pk))
    return made


def find_start(version: int) -> Start:
    """Of a version that is announced, or would be the next one."""
    updates = {each.version: each for each in PolicyUpdate.objects.exclude(state=Phase.WITHDRAWN)}
    if version in updates:
        return Start(updates[version].since, updates[version].asks_since)
    return _find_start([each for each in updates.values() if _is_asking(each)], otherwise=version - 1)


def send(id: UUID, *, at_utc: datetime) -> None:
    """Notes whom it concerns, then plans their emails; run again, it goes on where it stopped."""
    update = PolicyUpdate.objects.get(pk=id)
    if update.awaits is None:
        answering.count_early(update)
    if update.state == Phase.READING:
        note_readers(update, at_utc)
        update.refresh_from_db()
    if update.state == Phase.SENDING:
        with suppress(batches.BatchStopped):
            _plan(update)


def settle() -> None:
    """Ends each announcement that is over, in the caller's transaction."""
    for update in PolicyUpdate.objects.select_for_update().filter(awaits__isnull=False).exclude(state=Phase.WITHDRAWN):
        adoption = find_adoption(update)
        if adoption.adopted_utc:
            _take_effect(update)
        elif adoption.withdrawn_utc:
            _withdraw(update)


def tell_withdrawn(id: UUID, *, at_utc: datetime) -> None:
    """Those whose email about a withdrawn version left hear that it doesn't take effect."""
    update = PolicyUpdate.objects.get(pk=id)
    adoption = find_adoption(update)
    facts = replace(mailing.make_facts(update, (), ()), withdrawn=adoption.effective.isoformat())
    for way, people in read_binary("select way, people from update_reached(%s)", [id]):
        with suppress(batches.BatchStopped):
            many.plan_many(
                [mailing.make_part(people, *mailing.EMAILS[way], facts, at_utc)], cause=_withdrawing(id, way)
            )


def list_batches(id: UUID) -> Iterable[UUID]:
    """The ids of all batches of an update's emails."""
    return (id, reminding.find_batch(id), *list_withdrawing(id))


def list_withdrawing(id: UUID) -> Sequence[UUID]:
    """The ids of the batches of emails that say an update was withdrawn."""
    return [_withdrawing(id, way) for way in mailing.EMAILS]


def find_adoption(update: PolicyUpdate) -> Adoption:
    """What an update announces that is not in force, or was withdrawn."""
    assert update.awaits is not None
    return Adoption.objects.get(pk=update.awaits)


def stop(id: UUID) -> None:
    """No further email of it leaves; answers are still taken.   Raises  NotInPhase."""
    with transaction.atomic():
        _enter(id, Phase.SENDING, Phase.STOPPED, why=BY_STAFF)
        _stop_emails(id)


def resume(id: UUID, *, at_utc: datetime) -> None:
    """The rest leaves by the pace, from now on.   Raises  NotInPhase."""
    with transaction.atomic():
        # Where it took effect meanwhile, who came since it was announced is still to be noted.
        noted = PolicyUpdate.objects.filter(pk=id, position__isnull=False).exists()
        update = _enter(id, Phase.STOPPED, Phase.SENDING if noted else Phase.READING)
        if lane := batches.resume(id, at_utc=at_utc):
            _spread(update, at_utc)
            turns.wake(lane)
        if lane := batches.resume(reminding.find_batch(id), at_utc=at_utc):
            turns.wake(lane)
        if noted:
            reminding.plan_first(update)
        queue.defer("updates.send", update=str(id))


def find_later_stop(update: PolicyUpdate) -> str:
    """Why its reminders, or the emails that say it was withdrawn, stopped while nobody stopped the update itself."""
    return next(filter(None, map(batches.find_stop, _list_later(update))), "")


def find_later_stopped(updates: Iterable[PolicyUpdate]) -> list[PolicyUpdate]:
    """Those of which reminders, or emails about the withdrawal, stopped by themselves.   Cost  1 query at most"""
    batched = {batch: update for update in updates for batch in _list_later(update)}
    stopped = {batched[batch].pk: batched[batch] for batch in batches.list_stopped(batched)}
    return sorted(stopped.values(), key=lambda update: update.version)


def resume_later(id: UUID, *, at_utc: datetime) -> None:
    """The rest of these leaves, and those who were not planned meanwhile get theirs, too.   Raises  NotInPhase."""
    with transaction.atomic():
        update = PolicyUpdate.objects.select_for_update().get(pk=id)
        if not find_later_stop(update):
            raise NotInPhase
        for batch in _list_later(update):
            if lane := batches.resume(batch, at_utc=at_utc):
                turns.wake(lane)
        if update.state == Phase.WITHDRAWN:
            queue.defer("updates.tell_withdrawn", update=str(id))
        else:
            reminding.plan_again(update)


def _list_later(update: PolicyUpdate) -> Sequence[UUID]:
    """The batches of emails that follow the first one and that only the outbox stops."""
    if update.state == Phase.WITHDRAWN:
        return list_withdrawing(update.pk)
    return [reminding.find_batch(update.pk)] if update.state in reminding.UNDER_WAY else []


def note_stopped(id: UUID, why: str) -> None:
    """The outbox stopped it, for too many refused it or complained."""
    PolicyUpdate.objects.filter(pk=id, state=Phase.SENDING).update(state=Phase.STOPPED, why=why)


def note_ended(id: UUID, at_utc: datetime) -> None:
    """All of its emails left."""
    PolicyUpdate.objects.filter(pk=id, state=Phase.SENDING).update(state=Phase.SENT, ended_utc=at_utc)


def _find_start(asking: Sequence[PolicyUpdate], *, otherwise: int) -> Start:
    # An email that left is not repeated: everyone knows its changes, and only its questions may be open.
    told = [each.version if _is_told(each) else each.since for each in asking]
    return Start(min(told, default=otherwise), min((each.asks_since for each in asking), default=otherwise))


def _is_told(update: PolicyUpdate) -> bool:
    """Whether everyone was looked at, and all the emails left."""
    return update.state == Phase.SENT and update.position is not None


def _create(version: int, start: Start, *, state: str, **more: Any) -> PolicyUpdate:
    return PolicyUpdate.objects.create(
        id=gate.new_id(),
        version=version,
        since=start.told,
        asks_since=start.asked,
        pace=settings.TROTH_UPDATE_PACE,
        state=state,
        **more,
    )


def _is_asking(update: PolicyUpdate) -> bool:
    """Whether its emails are under way, or its reminder is still to come."""
    waits = update.state == Phase.SENT and update.reminded_utc is None and update.begun_utc is not None
    return update.state in _ASKING or (waits and reminding.find_rule() is not None)


def _take_effect(update: PolicyUpdate) -> None:
    """Everyone is looked at once more: who came since, or gave more, is concerned by it, too."""
    going = update.state in (Phase.SENDING, Phase.SENT)
    update.awaits, update.position, update.reminded_utc = None, None, None
    update.state = Phase.READING if going else update.state
    update.save(update_fields=["awaits", "position", "reminded_utc", "state"])
    batches.reopen(update.pk)
    queue.defer("updates.send", update=str(update.pk))


def _withdraw(update: PolicyUpdate) -> None:
    """No further email of it leaves, and what it had superseded goes on."""
    _stop_emails(update.pk)
    PolicyUpdate.objects.filter(pk=update.pk).update(state=Phase.WITHDRAWN)
    # Another text may become this version, and have a notice of its own.
    User.objects.filter(policy_seen__gte=update.version).update(policy_seen=update.version - 1)
    queue.defer("updates.tell_withdrawn", update=str(update.pk))
    before = PolicyUpdate.objects.filter(version=update.version - 1, state=Phase.SUPERSEDED).first()
    if before is not None and before.begun_utc is not None:
        PolicyUpdate.objects.filter(pk=before.pk).update(state=Phase.STOPPED)
        batches.reopen(before.pk)  # its sending may have ended: then it ends once more, with nothing left to send
        resume(before.pk, at_utc=queue.now())


def _withdrawing(id: UUID, way: str) -> UUID:
    return uuid5(id, f"{Phase.WITHDRAWN}/{way}")


def _stop_emails(id: UUID) -> None:
    """No email of it leaves, and no reminder."""
    due.cancel(reminding.REMIND, about=id)
    batches.stop(id)
    batches.stop(reminding.find_batch(id))


def _supersede(update: PolicyUpdate) -> None:
    _stop_emails(update.pk)
    PolicyUpdate.objects.filter(pk=update.pk).update(state=Phase.SUPERSEDED)


def _enter(id: UUID, before: str, after: str, *, why: str = "") -> PolicyUpdate:
    update = PolicyUpdate.objects.select_for_update().get(pk=id)
    if update.state != before:
        raise NotInPhase
    update.state, update.why = after, why
    update.save(update_fields=["state", "why"])
    return update


def note_readers(update: PolicyUpdate, at_utc: datetime) -> None:
    """A transaction for each chunk of people, who are known by then, with where to go on."""
    law = in_force.coming()
    if law.current != update.version or PURPOSE not in law.policy.purposes:
        PolicyUpdate.objects.filter(pk=update.pk).update(state=Phase.SENT, ended_utc=at_utc)
        return
    effects = Effects(law, since=update.since, asks_since=update.asks_since, at_utc=at_utc)
    announced, found = in_force.find_announced(), _find(effects)
    known_by = announced.approved_utc if announced else in_force.find_adopted_time(update.version)
    emails_before = UpdateReader.objects.filter(update=update).exclude(way=UpdateReader.VISIT).count()
    while True:
        with transaction.atomic():
            now = PolicyUpdate.objects.select_for_update().get(pk=update.pk)
            if (now.state, now.awaits) != (Phase.READING, update.awaits):
                return
            last, emails_more, unknown = _note(update, found, before=known_by, emails_before=emails_before)
            if last is None:
                break
            if not unknown:
                update.position, emails_before = last, emails_before + emails_more
                update.save(update_fields=["position"])
        if unknown:
            found = _find(effects)
    with transaction.atomic():
        _enter(update.pk, Phase.READING, Phase.SENDING)
        rows("select update_gather(%s)", [update.pk])
        reminding.plan_first(update)


_Alike = tuple[str, tuple[str, ...], tuple[str, ...]]
"""Way, questions, and purposes they are notified of without one."""


@dataclass(frozen=True)
class _Found:
    """What the version means for each class of people, and for those of it whose browser asked not to sell or share.

    `plain` and `signaled` have a place in `alike` for each of `classes`."""

    classes: Sequence[int]
    plain: Sequence[int]
    signaled: Sequence[int]
    alike: Sequence[_Alike]


def _find(effects: Effects) -> _Found:
    places: dict[_Alike, int] = {}

    def place(effect: Effect) -> int:
        return places.setdefault((_WAYS[effect.reached], effect.asks, effect.facts), len(places))

    found = {each.id: effects.find(each) for each in gate.count_alike()}
    plain = [place(each) for each in found.values()]
    signaled = [place(each.silence(effects.selling)) for each in found.values()]
    return _Found(list(found), plain, signaled, list(places))


def _note(
    update: PolicyUpdate, found: _Found, *, before: datetime, emails_before: int
) -> tuple[UUID | None, int, bool]:
    """The last of the next people, how many emails are added, and whether nobody was noted, for a class was not found.

    Nobody becomes an object here, which would take longer than all the rest."""
    effects = [{"way": way, "asks": asks, "facts": facts} for way, asks, facts in found.alike]
    ((last, emails_more, unknown),) = rows(
        "select last, emails, unknown"
        " from update_note(%s, %s, %s, %s, %s, %s, %s::integer[], %s::integer[], %s::integer[], %s::jsonb)",
        [
            update.pk,
            update.position or _NOBODY_YET,
            before,
            _A_CHUNK,
            update.pace,
            emails_before,
            found.classes,
            found.plain,
            found.signaled,
            json.dumps(effects),
        ],
    )
    return last, emails_more, unknown


def _plan(update: PolicyUpdate) -> None:
    """Every email at its day; alike ones together.   Cost  16 bytes a person.   Raises  BatchStopped."""
    begun_utc = update.begun_utc
    assert begun_utc is not None
    groups = read_binary("select day, way, bundle, facts, people from update_groups(%s)", [update.pk])
    parts = (
        mailing.make_part(people, *mailing.EMAILS[way], mailing.make_facts(update, *about), begun_utc + day * _A_DAY)
        for day, way, *about, people in groups or [_NO_GROUP]
    )
    many.plan_many(parts, cause=update.pk)


def _spread(update: PolicyUpdate, at_utc: datetime) -> None:
    """What was held leaves day by day again; what left within the last day counts."""
    gate.spread_emails(update.pk, count=update.pace, each=_A_DAY, at_utc=at_utc)
