"""Where an opened request is in the list that it was opened from, and which are before and after it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.core.paginator import Page
from django.http import HttpRequest, QueryDict

from troth.desk import done, reading
from troth.desk.lists.filters import YES
from troth.desk.lists.shape import RequestList
from troth.text import code

PICK = "pick"
"""A row that was ticked; the console's script keeps those of a list in the address of what is opened beside it."""
MATCHING = "matching"
"""All that match were chosen, on this page and on others."""
REFUSED, ACT = "refused", "do"
"""Why nothing was done with the rows that were ticked, and what was to be done."""
OF_ONE_PAGE = ("page", "whole", reading.MESSAGES, PICK, MATCHING, REFUSED, ACT, done.FIELD)


@dataclass(frozen=True)
class ListPlace:
    """Where a request is, and the addresses that lead on from it; "" where nothing is there.

    at      its number among the `count` of the list; 0 where the list's filters don't find it
    query   by which this page of the list is found again; `paging`: the same without it, ready for another parameter
    all     the list; `beside` and `whole`: the request beside it, and as a page of its own
    before, after  the requests around it, on other pages of the list too, shown as this one is
    owed    the next one that has to be answered, on this page of the list or first on the next one"""

    at: int
    count: int
    query: str
    paging: str
    all: str
    beside: str = ""
    whole: str = ""
    before: str = ""
    after: str = ""
    owed: str = ""


@dataclass(frozen=True)
class _Links:
    """Addresses that keep a list's filters, and whether a request is shown as a page of its own."""

    address: str
    below: str
    filters: QueryDict
    whole: bool

    @classmethod
    def read(cls, work: RequestList, query: QueryDict) -> "_Links":
        filters = query.copy()
        for name in OF_ONE_PAGE:
            filters.pop(name, None)
        return cls(work.address, work.below, filters, query.get("whole") == YES)

    def keep(self, page: int = 1, *, whole: bool = False) -> str:
        kept = self.filters.copy()
        if page > 1:
            kept["page"] = str(page)
        if whole:
            kept["whole"] = YES
        return kept.urlencode()

    def show(self, number: str = "", *, page: int, whole: bool) -> str:
        kept = self.keep(page, whole=whole)
        to = f"{self.below}{number}/" if number else self.address
        return f"{to}?{kept}" if kept else to


def list_picked(request: HttpRequest) -> list[str]:
    """The rows that are ticked, by the address and by the form that was sent."""
    sent = [code(each) for each in request.POST.getlist(PICK)]
    return sent + [code(each) for each in request.GET.getlist(PICK)]


def find_place(work: RequestList, page: "Page[Any]", query: QueryDict, *, number: str) -> ListPlace:
    """Takes   page: of the list; number: of the opened request, or "".

    Cost  1 query for each of those around it that is on another page"""
    links, count = _Links.read(work, query), page.paginator.count
    paging = f"{kept}&" if (kept := links.keep()) else ""
    listed = links.show(page=page.number, whole=False)
    if not number:
        return ListPlace(0, count, links.keep(page.number), paging, listed)
    numbers = [row.number for row in page.object_list]
    at = page.start_index() + numbers.index(number) if number in numbers else 0
    # What the filters find no longer has been dealt with: this page of the list begins again.
    following = at + 1 if at else page.start_index()
    return ListPlace(
        at,
        count,
        links.keep(page.number),
        paging,
        listed,
        beside=links.show(number, page=page.number, whole=False),
        whole=links.show(number, page=page.number, whole=True),
        before=_lead_to(page, at - 1, links) if at else "",
        after=_lead_to(page, following, links),
        owed=_lead_to(page, _find_owed(page, following), links),
    )


def find_place_among(work: RequestList, rows: Sequence[Any], query: QueryDict, *, number: str, whole: str) -> ListPlace:
    """The same among the first requests of several groups: it doesn't say which one it is of all.

    Takes   rows: those that the page shows, in its order; whole: the request as a page of its own"""
    links = _Links.read(work, query)
    kept = links.keep()
    here = next((at for at, row in enumerate(rows) if row.number == number), -1)
    following = rows[here + 1 :]  # what isn't shown has been dealt with: the page begins again
    owed = next((row for row in following if row.owed), None)

    def lead_to(row: Any) -> str:
        return links.show(row.number, page=1, whole=False) if row is not None else ""

    return ListPlace(
        at=0,
        count=0,
        query=kept,
        paging=f"{kept}&" if kept else "",
        all=links.show(page=1, whole=False),
        whole=whole,
        before=lead_to(rows[here - 1]) if here > 0 else "",
        after=lead_to(next(iter(following), None)),
        owed=lead_to(owed),
    )


def _lead_to(page: "Page[Any]", to: int, links: _Links) -> str:
    """The address of the list's row of this number, shown as the opened request is."""
    row = _find_row(page, to)
    number = (to - 1) // page.paginator.per_page + 1
    return links.show(row.number, page=number, whole=links.whole) if row is not None else ""


def _find_owed(page: "Page[Any]", to: int) -> int:
    """The number of the first row from this one on that has to be answered; 0 for none."""
    found = (at for at in range(to, page.end_index() + 2) if (row := _find_row(page, at)) is not None and row.owed)
    return next(found, 0)


def _find_row(page: "Page[Any]", to: int) -> Any:
    if not 1 <= to <= page.paginator.count:
        return None
    if page.start_index() <= to <= page.end_index():
        return page.object_list[to - page.start_index()]
    return next(iter(page.paginator.object_list[to - 1 : to]), None)
