"""Brings the demonstration's people to their rooms, and starts some staff work."""

from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from itertools import groupby
from pathlib import Path
from uuid import UUID

from django.db import transaction
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob

from troth import queue
from troth.cases import actions
from troth.cases.models import Case
from troth.cases.thread import merging
from troth.cases.thread.models import CaseMessage
from troth.catalog.cast import Staff
from troth.collection import demo
from troth.collection.demo_staff import acting_as
from troth.collection.intake import Record
from troth.desk import index
from troth.desk.lists.worklist import WorkList
from troth.desk.staff import RIGHTS, may
from troth.outbox import delivery
from troth.outbox.models import QueuedEmail
from troth.security.models import Role, User

_ROUNDS, _REPLIES = 4, 4
_A_MOMENT, _A_TURN, _TAKEN_AFTER = timedelta(seconds=30), timedelta(minutes=5), timedelta(minutes=50)
_MEMBERS, _EACH = 4, 3
"""Every fourth request of a list goes to the same member of staff, who has three of each list."""


def seed(folder: Path) -> int:
    """How many invented people were made for the site of this folder: 200 the first time, then 0.

    Within `working_staff`, for staff answer them."""
    now = datetime.now(UTC)
    with transaction.atomic():
        made = demo.seed(folder, rooms=takers(), now_utc=now)
        for room in index.rooms() if made else ():
            if room.demo:
                room.demo(now)
    if made:
        _catch_up()
        for _reply in range(_REPLIES):
            with transaction.atomic():
                for room in index.rooms():
                    if room.demo_after:
                        room.demo_after(now)
            for room in index.rooms():
                if room.demo_sends:
                    room.demo_sends(now)
            _send_old()
    return made


def takers() -> dict[str, Record[object]]:
    """Place of the policy → what its room does with what is sent there."""
    return {place: record for room in index.rooms() for place, record in room.takes.items()}


def _catch_up() -> None:
    """Routes what was sent and emails about it as of the time when it came, not when the demonstration starts.

    In it the database has to be backdated. Left to a worker are emails of the last day, for a start should be quick,
    and what has no time of its own."""
    for _round in range(_ROUNDS):  # a job that is run may queue others
        waiting = list(ProcrastinateJob.objects.filter(status="todo").order_by("id"))
        known = _find_moments(waiting)
        past = [(job, known[id]) for job in waiting if (id := next((id for id in _read_ids(job) if id in known), None))]
        for job, moment in past:
            with queue.run_at(moment), demo.at_time(moment):
                app.tasks[job.task_name].func(**job.args)
        ProcrastinateJob.objects.filter(pk__in=[job.pk for job, _moment in past]).delete()
        if not past:
            break


def _send_old() -> None:
    """What was queued within a few minutes left together."""
    old = QueuedEmail.objects.filter(
        state=QueuedEmail.State.PLANNED, queued_utc__lt=datetime.now(UTC) - timedelta(days=1)
    )
    known = old.order_by("queued_utc").values_list("queued_utc", "pk")
    for _minutes, together in groupby(known, key=lambda one: one[0].timestamp() // _A_TURN.total_seconds()):
        times, ids = zip(*together, strict=True)
        with queue.run_at(moment := times[-1] + _A_MOMENT), demo.at_time(moment):
            delivery.deliver(*ids)


def _find_moments(jobs: Iterable[ProcrastinateJob]) -> Mapping[UUID, datetime]:
    """When something was done about each request or message that a job is about: a job without one has its own time."""
    ids, now = {id for job in jobs for id in _read_ids(job)}, datetime.now(UTC)
    cases = Case.objects.filter(pk__in=ids).values_list("pk", "answered_utc", "received_utc")
    found = {id: answered or received for id, answered, received in cases}
    found |= dict(CaseMessage.objects.filter(pk__in=ids).values_list("pk", "at_utc"))
    return {id: min(at_utc + _A_MOMENT, now) for id, at_utc in found.items()}


def _read_ids(job: ProcrastinateJob) -> list[UUID]:
    found = []
    for text in job.args.values():
        with suppress(ValueError):
            found.append(UUID(str(text)))
    return found


def begin_work(crew: Sequence[Staff]) -> None:
    """Assigns requests to each member of staff, and leaves a deletion waiting for its second approval.

    Within `working_staff`."""
    for at, member in enumerate(crew):
        user = User.objects.get(username=member.username)
        lists = [work for work in index.work_lists() if work.is_for(user) and may(user, work.answers, work.purpose)]
        if not lists:
            continue
        with acting_as(member.username):
            _approve_one(user) if user.role == Role.ADMIN else _take_some(lists, user, at)
            _merge_doubles(lists, user)


def _take_some(lists: Iterable[WorkList], user: User, at: int) -> None:
    for work in lists:
        free = work.rows().filter(state__in=(Case.RECEIVED, Case.OPEN), assigned_to="").order_by("due_utc", "number")
        for case in list(free)[at % _MEMBERS :: _MEMBERS][:_EACH]:
            taken = min(case.received_utc + _TAKEN_AFTER, datetime.now(UTC))
            with demo.at_time(taken):
                actions.assign(case.pk, to=user.username, at_utc=taken, who=user.who)


def _merge_doubles(lists: Iterable[WorkList], user: User) -> None:
    """What a customer asked twice continues in the older request, as staff would have it."""
    for work in lists:
        seen: dict[tuple[str, str], list[Case]] = {}
        for case in work.rows().filter(state=Case.OPEN, person__isnull=False).order_by("received_utc", "number"):
            subject = index.request_view(case.kind).subject(case)
            alike = seen.setdefault((case.kind, subject), [])
            older = next((each for each in alike if merging.is_same_customer(case, each)), None)
            if older is None:
                alike.append(case)
            elif merging.can_merge(case):
                merging.merge(case.pk, older.number, at_utc=datetime.now(UTC), who=user.who)


def _approve_one(user: User) -> None:
    """The first of two who have to agree; the second is the person who tries the demo."""
    waiting = Case.objects.filter(purpose=RIGHTS, state=Case.OPEN).exclude(approves="").order_by("due_utc")
    found = waiting.first()
    if found is not None:
        who, now = user.who, datetime.now(UTC)
        actions.approve(found.pk, what=found.approves, at_utc=now, who=who)
