"""Alarms for work that failed three times: what, why, how often; and retrying it.

The queue is the source of truth: each failed job is an alarm, even if no cause could be recorded. Periodic work is one
alarm for all its failures, which ends with the next successful run.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.core.exceptions import ObjectDoesNotExist
from django.db import DatabaseError, InterfaceError, OperationalError, transaction
from django.db.models import Q, QuerySet
from django.db.models.functions import Now
from django.utils.translation import gettext as _
from procrastinate.contrib.django import app as jobs
from procrastinate.contrib.django.models import ProcrastinateJob as Job
from procrastinate.contrib.django.models import ProcrastinatePeriodicDefer as PeriodicDefer

from troth import queue
from troth.queries import PreparedQuery
from troth.security.acts import Act, record

PROGRAM = "program:work"
FAILED, TRIED = "job failed", "job tried again"


@dataclass(frozen=True)
class Alarm:
    """Failed work that needs attention. `tried_by`: who retried it last, as the ledger names them."""

    job: int
    title: str
    cause: str
    times: int
    failed_utc: datetime | None
    tried_by: str
    tried_utc: datetime | None


class NoAlarm(Exception):
    """There is no such alarm: the work has succeeded, or someone else has retried it."""


_ALL_FAILED = PreparedQuery(lambda: Job.objects.filter(status="failed").order_by("-id"))


def standing() -> list[Alarm]:
    """All alarms, the latest first.   Cost  2 queries."""
    grouped: dict[str, list[Job]] = {}
    for job in _ALL_FAILED.list():
        grouped.setdefault(job.queueing_lock or f"job {job.pk}", []).append(job)
    acts = _acts(job for group in grouped.values() for job in group)
    return [_alarm(group, acts) for group in grouped.values()]


def try_again(job: int, *, who: str, at_utc: datetime) -> None:
    """Queues the work again and records who retried it. Raises NoAlarm."""
    with transaction.atomic():
        found = Job.objects.select_for_update().filter(pk=job, status="failed").first()
        if found is None:
            raise NoAlarm(_("This was already retried. Reload the page to see the result."))
        record(who, TRIED, about=_about(job), at_utc=at_utc)
        if _is_waiting(found.queueing_lock):
            _remove(Job.objects.filter(pk=job))
            return
        jobs.job_manager.retry_job_by_id(job, retry_at=at_utc)


def note_failure(job: int, error: Exception, *, at_utc: datetime) -> None:
    """Records why a try failed, without any value."""
    record(PROGRAM, FAILED, about=_about(job), at_utc=at_utc, words=cause(error))


def make_way(queueing_lock: str | None) -> None:
    """For periodic work that is tried again: its next run, if that waits already, has nothing more to do.

    The queue takes no second one, and the job that is to be tried again would count as running for good."""
    if queueing_lock:
        _remove(Job.objects.filter(status="todo", queueing_lock=queueing_lock))


def note_success(job: int, queueing_lock: str | None) -> None:
    """Periodic work that succeeded needs no alarm for earlier runs."""
    if queueing_lock:
        _remove(Job.objects.filter(status="failed", queueing_lock=queueing_lock, pk__lt=job))


def take_up_stalled(*, silent: timedelta, at_utc: datetime) -> None:
    """Requeues each job whose worker died in it, or raises an alarm after its third try."""
    dead = Q(worker=None) | Q(worker__last_heartbeat__lt=Now() - silent)
    for job in Job.objects.filter(dead, status="doing").values_list("pk", flat=True):
        _take_up(job, at_utc=at_utc)


def cause(error: BaseException) -> str:
    """Why it failed, for staff. Another error's message may contain personal data; where it came from is in the log."""
    match error:
        case queue.JobStopped():
            return str(error)
        case OperationalError() | InterfaceError():
            return _("The database was busy or unavailable.")
        case ObjectDoesNotExist():
            return _("The data it needs no longer exists.")
        case DatabaseError():
            return _("The database refused it. The server log says what and where.")
        case OSError():
            return _("A file or a connection couldn’t be used. The server log says which.")
    return _("A program error. The server log says what and where.")


def _alarm(group: list[Job], acts: dict[str, list[Act]]) -> Alarm:
    """The alarm for one job, or for all failures of periodic work, latest first."""
    told = sorted((act for job in group for act in acts.get(_about(job.pk), [])), key=lambda act: act.at_utc)
    failed = [act for act in told if act.what == FAILED]
    tried = [act for act in told if act.what == TRIED]
    task = group[0].task_name
    return Alarm(
        job=group[0].pk,
        title=str(queue.TITLES.get(task, task)),
        cause=failed[-1].words if failed else _unknown(task),
        times=len(failed) or sum(job.attempts for job in group),
        failed_utc=failed[-1].at_utc if failed else None,
        tried_by=tried[-1].who if tried else "",
        tried_utc=tried[-1].at_utc if tried else None,
    )


def _unknown(task: str) -> str:
    if task not in queue.TITLES:
        return _("This version doesn’t support this type of job.")
    return _("The cause couldn't be recorded. Check the server log.")


def _acts(failed: Iterable[Job]) -> dict[str, list[Act]]:
    found: dict[str, list[Act]] = {}
    for act in Act.objects.filter(about__in=[_about(job.pk) for job in failed], what__in=[FAILED, TRIED]):
        found.setdefault(act.about, []).append(act)
    return found


def _take_up(id: int, *, at_utc: datetime) -> None:
    with transaction.atomic():
        job = Job.objects.select_for_update(of=("self",), skip_locked=True).filter(pk=id, status="doing").first()
        if job is None:
            return
        if _is_waiting(job.queueing_lock):
            _remove(Job.objects.filter(pk=id))  # a younger job of the same kind has nothing less to do
            return
        words = _("The process running it stopped before it finished.")
        record(PROGRAM, FAILED, about=_about(id), at_utc=at_utc, words=words)
        if queue.is_last(job.attempts):
            Job.objects.filter(pk=id).update(status="failed", attempts=job.attempts + 1)
        else:
            jobs.job_manager.retry_job_by_id(id, retry_at=at_utc)


def _is_waiting(queueing_lock: str | None) -> bool:
    return bool(queueing_lock) and Job.objects.filter(queueing_lock=queueing_lock, status="todo").exists()


def _remove(found: "QuerySet[Job]") -> None:
    """Deletes the jobs, if there are any; the scheduler still knows that their runs took place."""
    if not found.exists():  # as after nearly each run, which then costs one question
        return
    PeriodicDefer.objects.filter(job__in=found).update(job=None)
    found.delete()


def _about(job: int) -> str:
    return f"job {job}"
