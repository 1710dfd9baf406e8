"""Brings the demonstration's people to their rooms, and starts some staff work."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from django.db import transaction
from django.http import HttpRequest

from troth.cases import actions
from troth.cases.models import Case
from troth.catalog.cast import Staff
from troth.collection import demo, forms
from troth.desk import index
from troth.desk.staff import RIGHTS, may
from troth.desk.worklist import WorkList
from troth.gate import acting
from troth.security import entry
from troth.security.models import Role, User
from troth.security.sessions import SessionStore

_MEMBERS, _EACH = 4, 3
"""Every fourth request of a list goes to the same member of staff, who has three of each list."""


def seed(folder: Path) -> int:
    """How many invented people were made for the site of this folder: 200 the first time, then 0."""
    now = datetime.now(UTC)
    with transaction.atomic():
        made = demo.seed(folder, rooms=takers(), now_utc=now)
        for room in index.rooms() if made else ():
            if room.demo:
                room.demo(now)
    return made


def takers() -> dict[str, forms.Record]:
    """Place of the policy → what its room does with what is sent there."""
    return {place: record for room in index.rooms() for place, record in room.takes.items()}


def begin_work(crew: Sequence[Staff], *, password: str) -> None:
    """Assigns requests to each member of staff, and leaves a deletion waiting for its second approval."""
    for at, member in enumerate(crew):
        user = User.objects.get(username=member.username)
        lists = [work for work in index.work_lists() if work.is_for(user) and may(user, work.answers, work.purpose)]
        if not lists:
            continue
        with _sign_in(user, password):
            _approve_one(user) if user.role == Role.ADMIN else _take_some(lists, user, at)


@contextmanager
def _sign_in(user: User, password: str) -> Iterator[None]:
    """A staff session that ends with the block, so that the database accepts what staff do in it."""
    request = HttpRequest()
    request.session = SessionStore()
    user.proof = entry.proven(user, password)
    entry.begin(request, user, way=entry.PASSWORD, at_utc=datetime.now(UTC))
    request.session.save()
    with acting(request.session.session_key):
        yield
    request.session.flush()


def _take_some(lists: Iterable[WorkList], user: User, at: int) -> None:
    for work in lists:
        free = work.rows().filter(state__in=(Case.RECEIVED, Case.OPEN), assigned_to="").order_by("due_utc", "number")
        for number in list(free.values_list("pk", flat=True))[at % _MEMBERS :: _MEMBERS][:_EACH]:
            actions.assign(number, to=user.username, at_utc=datetime.now(UTC), who=f"staff:{user.username}")


def _approve_one(user: User) -> None:
    """The first of two who have to agree; the second is the person who tries the demo."""
    waiting = Case.objects.filter(purpose=RIGHTS, state=Case.OPEN).exclude(approves="").order_by("due_utc")
    found = waiting.first()
    if found is not None:
        who, now = f"staff:{user.username}", datetime.now(UTC)
        actions.approve(found.pk, what=found.approves, at_utc=now, who=who)
