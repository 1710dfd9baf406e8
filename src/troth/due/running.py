"""Runs steps that are due: each becomes one job, with three tries and then an alarm.

A job that is killed runs again, and one that comes late finds its row gone. What it does and the end of its row are one
transaction.
"""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Protocol
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from troth import queue
from troth.due.models import Due
from troth.wording import Words

_A_SWEEP = 500


class DueAct(Protocol):
    """The function of a plan, called with the plan's id. It checks whether its cause still exists."""

    def __call__(self, about: UUID, step: str, at_utc: datetime, /) -> None: ...


_ACTS: dict[str, DueAct] = {}


def task(name: str, title: Words) -> Callable[[DueAct], DueAct]:
    """Registers the function that runs when a step of this plan is due.

    Takes   title: what it does, as an alarm says it."""

    def registered(act: DueAct) -> DueAct:
        _ACTS[name] = act

        @queue.task(name, title)
        def run(due: str) -> None:
            do(UUID(due), at_utc=datetime.now(UTC))

        return act

    return registered


def hand_out(*, at_utc: datetime) -> int:
    """Queues a job for each step that is due, once, and returns how many."""
    with transaction.atomic():
        waiting = Due.objects.select_for_update(skip_locked=True).filter(at_utc__lte=at_utc, handed_out_utc=None)
        found = list(waiting.order_by("at_utc")[:_A_SWEEP])
        for row in found:
            queue.defer(row.what, due=str(row.id))
        Due.objects.filter(pk__in=[row.pk for row in found]).update(handed_out_utc=at_utc)
    return len(found)


def do(id: UUID, *, at_utc: datetime) -> None:
    """Runs the step, unless it was canceled or postponed, or a more urgent one of its group is due too."""
    with transaction.atomic():
        row = Due.objects.filter(pk=id, at_utc__lte=at_utc).first()
        if row is None:
            return
        others = Due.objects.filter(group=row.group, at_utc__lte=at_utc).exclude(pk=row.pk)
        above = Q(urgency__gt=row.urgency) | Q(urgency=row.urgency, at_utc__gt=row.at_utc)
        if not others.filter(above).exists():
            # The act comes first: it locks its own row, as planning again does, so there is no deadlock.
            _ACTS[row.what](row.about, row.step, at_utc)
            others.exclude(above).delete()
        Due.objects.filter(pk=row.pk, at_utc__lte=at_utc).delete()
