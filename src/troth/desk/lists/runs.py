"""Changes of several rows, run in slices: each row in its own transaction, and each done once.

The database believes a member of staff by the session alone, so no job could do it: a page sends for slice after slice.
If the page is closed or the session ends, opening the page again goes on where it stopped.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from time import monotonic
from typing import Any, Protocol, cast
from uuid import UUID

from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from troth.desk.acts.act import BEGUN, ENDED, DeskAct, tell_unavailable
from troth.desk.done import LASTING
from troth.desk.models import BulkRun
from troth.desk.staff import user_of
from troth.desk.turns import in_turn
from troth.gate import new_id
from troth.security.models import User

SLICE_SECONDS = 2.0
"""How long one page works, so that it answers before people wonder."""
KEPT = timedelta(days=30)
_BEFORE, _EACH, _SEEN = "before", "each", "seen"
"""Beside what was typed, by keys of rows.

What they had before a run, what one that undoes it sets, and their marks as the preview showed them."""
_OF_ROWS = [_BEFORE, _EACH, _SEEN]


class RunRows(Protocol):
    """The list that shows the rows: see `BulkRows`."""

    @property
    def name(self) -> str: ...

    @property
    def find(self) -> Callable[[Sequence[str]], Sequence[Any]]: ...

    @property
    def acts(self) -> Callable[[Any], Sequence[DeskAct]]: ...

    @property
    def may(self) -> Callable[[User, DeskAct, Any], bool]: ...

    @property
    def mark(self) -> Callable[[Sequence[Any]], Mapping[str, str]]: ...


def begin(
    user: User, work: RunRows, *, act: str, typed: Mapping[str, Any], numbers: Sequence[str], query: str, now: datetime
) -> BulkRun:
    """Stores the confirmed change; nothing is done yet."""
    return BulkRun.objects.create(
        id=new_id(),
        user=user,
        work=work.name,
        act=act,
        typed=dict(typed),
        numbers=list(numbers),
        query=query,
        begun_utc=now,
    )


def with_rows(
    typed: Mapping[str, str], *, before: Mapping[str, Mapping[str, str]], seen: Mapping[str, str]
) -> Mapping[str, Any]:
    """What was typed, with what each row has before the run, and its mark as the preview showed it."""
    return {**typed, **({_BEFORE: before} if before else {}), **({_SEEN: seen} if seen else {})}


def go_on(request: HttpRequest, work: RunRows, run: UUID) -> None:
    """Runs the next slice, except rows that another page is changing."""
    until = monotonic() + SLICE_SECONDS
    while _take_next(request, work, run) and monotonic() < until:
        continue


def stop(run: BulkRun, now: datetime) -> None:
    """Stops the run; the remaining rows stay as they are."""
    BulkRun.objects.filter(pk=run.pk, ended_utc=None).update(ended_utc=now)


def expire() -> int:
    """Deletes runs that ended long ago or were never finished; returns how many.

    What rows had before a run goes once that can't be undone any more."""
    over = BulkRun.objects.filter(ended_utc__lt=timezone.now() - LASTING, typed__has_any_keys=_OF_ROWS)
    for run in over:
        run.typed = {name: value for name, value in run.typed.items() if name not in _OF_ROWS}
        run.save(update_fields=["typed"])
    return BulkRun.objects.filter(begun_utc__lt=timezone.now() - KEPT).delete()[0]


def find_act(work: RunRows, user: User, row: Any, do: str, *, acts: Iterable[DeskAct]) -> DeskAct | None:
    """The one of these acts with this code, where the user may do it with this row among several."""
    found = (each for each in acts if each.do == do and each.many and each.shown(row))
    return next((each for each in found if work.may(user, each, row)), None)


def with_reverse(acts: Iterable[DeskAct]) -> list[DeskAct]:
    """The acts, and those that undo a run of one."""
    return [one for act in acts for one in (act, act.reverse) if one is not None]


def find_reverse(acts: Iterable[DeskAct], run: BulkRun, now: datetime) -> DeskAct | None:
    """What undoes the ended run, for as long as any act can be undone."""
    if _BEFORE not in run.typed or run.ended_utc is None or not run.done or now >= run.ended_utc + LASTING:
        return None
    return next((each.reverse for each in acts if each.do == run.act and each.reverse), None)


def begin_reverse(run: BulkRun, work: RunRows, act: DeskAct, now: datetime) -> BulkRun:
    """A run of its own, of the rows that the first one changed."""
    failed = {number for number, _why in run.failed}
    changed = [number for number in run.numbers[: run.position] if number not in failed]
    times = {BEGUN: run.begun_utc.isoformat(), ENDED: cast(datetime, run.ended_utc).isoformat()}
    typed = {**times, _EACH: run.typed[_BEFORE]}
    return begin(run.user, work, act=act.do, typed=typed, numbers=changed, query=run.query, now=now)


def _take_next(request: HttpRequest, work: RunRows, id: UUID) -> bool:
    """Whether a row is left after this one."""
    with transaction.atomic():
        run = BulkRun.objects.select_for_update(skip_locked=True).filter(pk=id, ended_utc=None).first()
        if run is None:
            return False
        if run.left:
            number = run.numbers[run.position]
            if error := _change(request, work, run, number):
                run.failed.append([number, error])
            run.position += 1
        if not run.left:
            run.ended_utc = timezone.now()
        run.save(update_fields=["position", "failed", "ended_utc"])
    return bool(run.left)


def _change(request: HttpRequest, work: RunRows, run: BulkRun, number: str) -> str:
    """Changes one row and returns why it couldn't be; a refusal doesn't undo the others."""
    if (row := next(iter(work.find([number])), None)) is None:
        return tell_unavailable()
    with in_turn(row.pk):
        row.refresh_from_db()
        return _change_row(request, work, run, row, number)


def _change_row(request: HttpRequest, work: RunRows, run: BulkRun, row: Any, number: str) -> str:
    act = find_act(work, user_of(request), row, run.act, acts=with_reverse(work.acts(row)))
    if act is None:
        return tell_unavailable()
    seen = run.typed.get(_SEEN, {}).get(number)
    if seen is not None and work.mark([row]).get(number) != seen:
        return _("It changed after you saw the preview, so it was left out. Open it to see what’s new.")
    before = transaction.savepoint()
    errors = act.carry_out(request, row, {**run.typed, **run.typed.get(_EACH, {}).get(number, {})}).errors
    if errors:
        transaction.savepoint_rollback(before)
    return next(iter(errors.values()), "")
