"""The work list."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.http import QueryDict
from tests.house.example import actions
from tests.house.example.models import Plea

from troth.desk import lines, reading
from troth.desk.lines import WorkLine
from troth.desk.reading import Step
from troth.desk.room import HeldRow
from troth.desk.worklist import WorkList
from troth.words.values import moment


def line(plea: Plea, at_utc: datetime) -> WorkLine:
    is_open = plea.state == "received"
    mark, when = lines.urgency(plea.due_utc, at_utc) if is_open else lines.describe_settled(plea.state)
    return WorkLine(
        number=plea.number,
        address=f"/console/support/{plea.number}/",
        about=plea.product,
        alarm="",
        mark=mark,
        when=when,
        received_utc=plea.received_utc,
        age=lines.age(plea.received_utc, at_utc),
        due_utc=plea.due_utc,
        owner="Support",
        rule="",
    )


def steps(plea: Plea) -> list[Step]:
    return [reading.make_received_step("form.support", plea.received_utc), *reading.make_email_steps(plea.id)]


def held(person: UUID) -> Iterable[HeldRow]:
    for plea in Plea.objects.filter(person_id=person):
        yield HeldRow(plea.number, [("Received", moment(plea.received_utc)), ("State", plea.state)])


def _found(query: QueryDict) -> "QuerySet[Any]":
    return Plea.objects.order_by("-received_utc")


def _due() -> "QuerySet[Any]":
    return Plea.objects.filter(state="received")


WORK = WorkList(
    name="support",
    title="Support",
    purpose=actions.PURPOSE,
    model=Plea,
    template="support/work_list.html",
    due=_due,
    waiting=tuple,
    line=line,
    steps=steps,
    answer=actions.answer,
    found=_found,
)
