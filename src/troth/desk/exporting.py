"""Lists as CSV, in the words that the console has for people; the number of a request is what programs find it by.

The activity log records who exported which list and how many rows; no column names who asked.
"""

import csv
from codecs import BOM_UTF8
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from troth.cases.models import Case
from troth.desk.staff import name_assignee, user_of
from troth.headers import save_as
from troth.security import acts
from troth.site import site
from troth.text.cells import cell
from troth.wording import Words
from troth.words import codes
from troth.words.values import last_moment

EXPORTED = "exported"


def as_csv(request: HttpRequest, name: str, head: Sequence[Words], rows: Iterable[Sequence[object]]) -> HttpResponse:
    """The file, and its entry in the activity log. A HEAD request exports nothing and isn't recorded."""
    marked = HttpResponse(BOM_UTF8, content_type="text/csv; charset=utf-8")  # without the mark, Excel reads Ł as Å
    response = save_as(marked, f"{name}.csv")
    lines, count = csv.writer(response), 0
    lines.writerow([str(title) for title in head])
    for count, row in enumerate(rows, 1):  # noqa: B007 - counted
        lines.writerow([cell(value) for value in row])
    if request.method == "GET":
        who = user_of(request).who
        acts.record(who, EXPORTED, about=name, at_utc=timezone.now(), words=str(count))
    return response


def list_as_csv(
    request: HttpRequest,
    name: str,
    columns: Sequence[Words],
    row: Callable[[Any], Sequence[object]],
    found: Iterable[Case],
) -> HttpResponse:
    """A list of requests: what all have in common, and the columns of the room, whose `row` gives them."""
    rows = ([*_list_common(case), *row(case)] for case in found)
    return as_csv(request, name, (*_list_titles(), *columns), rows)


def _list_titles() -> list[Words]:
    """The titles of the columns that the CSV of each list of requests begins with."""
    times = [name_time(title) for title in (_("Received"), _("Due"), _("Answered"))]
    return [_("Number"), *times, _("Assigned to")]


def write_time(at_utc: datetime | None) -> str:
    """A time as a cell that spreadsheets read as one, by the vendor's clock; "" for none."""
    return f"{last_moment(at_utc).astimezone(site().brand.zone):%Y-%m-%d %H:%M}" if at_utc else ""


def name_time(title: Words) -> str:
    """The title of a column of times, which says whose clock they are by."""
    city = str(site().brand.zone).rpartition("/")[2].replace("_", " ")
    return _("%(what)s (%(city)s time)") % {"what": title, "city": city}


def write_code(code: str) -> str:
    """A code in words, as a cell begins."""
    return capfirst(codes.in_words(code))


def _list_common(case: Case) -> list[str]:
    times = (case.received_utc, case.due_utc, case.answered_utc)
    return [case.number, *(write_time(each) for each in times), name_assignee(case)]
