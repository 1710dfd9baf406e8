"""The work list, and what the copy gives."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet
from tests.house.example.kinds import PLEA, PURPOSE
from tests.house.example.models import Plea

from troth.cases.models import Case
from troth.desk.holding import HeldRow, RoomHolding
from troth.desk.lists import lines
from troth.desk.lists.lines import WorkLine
from troth.desk.lists.worklist import WorkList
from troth.desk.steps import list_steps
from troth.queries import PreparedQuery, Slot
from troth.words.values import moment


def line(plea: Case, at_utc: datetime) -> WorkLine:
    return lines.line_of(plea, at_utc, work="support", about=product_of(plea), owner="Support")


def list_held(person: UUID) -> Iterable[HeldRow]:
    for plea in _rows().filter(person_id=person):
        facts = [("Received", moment(plea.received_utc)), ("Product", product_of(plea)), ("State", plea.state)]
        yield HeldRow(plea.number, facts)


HELD = RoomHolding(list_held, (PreparedQuery(lambda: _rows().filter(person=Slot("person"))),))


def product_of(case: Case) -> str:
    """Nothing of a request that ended with her data."""
    return next(iter(Plea.objects.filter(pk=case.pk).values_list("product", flat=True)), "")


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
    steps=list_steps,
    exported="pleas",
    columns=("state",),
    row=lambda case: [case.state],
)
