"""Lists as CSV. The activity log records who exported which list and how many rows; no column names who asked."""

import csv
from codecs import BOM_UTF8
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from troth.cases.models import Case
from troth.desk.lines import assignee
from troth.desk.staff import user_of
from troth.security import acts
from troth.text.cells import cell

EXPORTED = "exported"
COMMON = ("number", "received", "due", "answered", "with")
"""What the CSV of each list of requests begins with."""


def as_csv(request: HttpRequest, name: str, head: Sequence[str], rows: Iterable[Sequence[object]]) -> HttpResponse:
    """The file, and its entry in the activity log. A HEAD request exports nothing and isn't recorded."""
    response = HttpResponse(BOM_UTF8, content_type="text/csv; charset=utf-8")  # without it, Excel reads Ł as Å
    response.headers["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    lines, count = csv.writer(response), 0
    lines.writerow(head)
    for count, row in enumerate(rows, 1):  # noqa: B007 - counted
        lines.writerow([cell(value) for value in row])
    if request.method == "GET":
        who = f"staff:{user_of(request).username}"
        acts.record(who, EXPORTED, about=name, at_utc=timezone.now(), words=str(count))
    return response


def list_as_csv(
    request: HttpRequest,
    name: str,
    columns: Sequence[str],
    row: Callable[[Any], Sequence[object]],
    found: Iterable[Case],
) -> HttpResponse:
    """A list of requests: what all have in common, and the columns of the room, whose `row` gives them."""
    rows = ([*_list_common(case), *row(case)] for case in found)
    return as_csv(request, name, (*COMMON, *columns), rows)


def _list_common(case: Case) -> list[str]:
    times = (case.received_utc, case.due_utc, case.answered_utc)
    return [case.number, *(time.isoformat(timespec="seconds") if time else "" for time in times), assignee(case)]
