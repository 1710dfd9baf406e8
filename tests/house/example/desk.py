"""The work list, and what the copy gives."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet
from tests.house.example.kinds import PLEA, PURPOSE

from troth.cases.models import Case
from troth.desk import lines, reading
from troth.desk.lines import WorkLine
from troth.desk.room import HeldRow
from troth.desk.worklist import WorkList
from troth.words.values import moment


def line(plea: Case, at_utc: datetime) -> WorkLine:
    return lines.line_of(plea, at_utc, work="support", about=PLEA.read(plea).product, owner="Support")


def held(person: UUID) -> Iterable[HeldRow]:
    for plea in _rows().filter(person_id=person):
        yield HeldRow(plea.number, [("Received", moment(plea.received_utc)), ("State", plea.state)])


def _rows() -> "QuerySet[Case]":
    return Case.objects.filter(kind=PLEA.id)


WORK = WorkList(
    name="support",
    title="Support",
    empty=("No requests", "Support requests appear here."),
    purpose=PURPOSE,
    rows=_rows,
    states=Case.STAGES,
    line=line,
    steps=reading.list_steps,
)
