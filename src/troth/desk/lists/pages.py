"""The pages of each room's list of requests: a frame that all of them share.

/console/quotes/              what the filters ask for
/console/quotes/Q-2026-1/     one opened among them: see `OpenedRequest`
/console/quotes/requests.csv  the same list without paging, for those whom the policy lets answer
/console/quotes/bulk/         several of them at once: a preview, then a run of its own address
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, cast
from uuid import UUID

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseNotAllowed
from django.shortcuts import render
from django.urls import URLPattern, path
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from troth.collection.forms import takes_files
from troth.desk import exporting
from troth.desk.entering import make_page, offer_page
from troth.desk.lists import bulk, saved_views
from troth.desk.lists.filters import YES, choose_filter
from troth.desk.lists.lines import with_names
from troth.desk.lists.neighbors import find_place
from troth.desk.lists.opened import OpenedRequest
from troth.desk.lists.paging import ListedRows
from troth.desk.lists.similar import find_similar
from troth.desk.lists.sorting import SORTS, choose_sort
from troth.desk.lists.worklist import WorkList, describe_rows
from troth.desk.staff import ASSIGN, may, staff_only, user_of
from troth.headers import see_other

ROWS_A_PAGE = 25


def make_urls(work: WorkList) -> list[URLPattern]:
    """The routes of the list, of one opened, of several at once and of the CSV."""
    pages = _Pages(work)
    new = [path("new/", make_page(work), name=f"console-{work.name}-new")] if work.entry else []
    return [
        path("", pages.make_list(), name=f"console-{work.name}"),
        path("requests.csv", pages.as_csv(), name=f"console-{work.name}-csv"),
        *new,
        path("bulk/", pages.bulk(), name=f"console-{work.name}-bulk"),
        path("bulk/<uuid:run>/", pages.run(), name=f"console-{work.name}-run"),
        path("<str:number>/", pages.make_page(), name=f"console-{work.name}-one"),
    ]


@dataclass(frozen=True)
class _Pages:
    work: WorkList

    def make_list(self) -> Callable[..., HttpResponseBase]:
        @require_http_methods(["GET", "HEAD", "POST"])
        @staff_only
        def page(request: HttpRequest) -> HttpResponse:
            self._is_there(request)
            if request.method != "POST":
                return self._list(request, {})
            if request.POST.get("keys") or request.POST.get("view"):
                return self._change_views(request)
            if self.work.to_show is None:
                return HttpResponseNotAllowed(["GET", "HEAD"])
            return see_other(f"{request.path}?{self.work.to_show(request)}")

        return page

    def make_page(self) -> Callable[..., HttpResponseBase]:
        @require_http_methods(["GET", "HEAD", "POST"])
        @staff_only
        def page(request: HttpRequest, number: str) -> HttpResponseBase:
            self._is_there(request)
            if (asked := self.work.by_number.first(number=number.upper())) is None:
                raise Http404("There is no request of this number.")
            return OpenedRequest(self.work, asked, self._list).answer(request)

        return takes_files(page)

    def as_csv(self) -> Callable[..., HttpResponseBase]:
        @require_safe
        @staff_only
        def page(request: HttpRequest) -> HttpResponse:
            work, user = self.work, user_of(request)
            if not may(user, work.exports, work.purpose):
                raise Http404("The list is exported by those who answer the requests.")
            rows = with_names(work.choose_rows(request.GET, user, timezone.now()))
            return exporting.list_as_csv(request, work.exported, work.columns, work.row, rows)

        return page

    def bulk(self) -> Callable[..., HttpResponseBase]:
        @require_POST
        @staff_only
        def page(request: HttpRequest) -> HttpResponse:
            self._is_there(request)
            return bulk.take(request, bulk.requests_of(self.work))

        return page

    def run(self) -> Callable[..., HttpResponseBase]:
        @require_http_methods(["GET", "HEAD", "POST"])
        @staff_only
        def page(request: HttpRequest, run: UUID) -> HttpResponse:
            self._is_there(request)
            return bulk.show_run(request, bulk.requests_of(self.work), run)

        return page

    def _change_views(self, request: HttpRequest) -> HttpResponse:
        try:
            return saved_views.change(request, self.work)
        except saved_views.NoView as wrong:
            return self._list(request, {}, problem=wrong, status=400)

    def _is_there(self, request: HttpRequest) -> None:
        if not self.work.is_for(user_of(request)):
            raise Http404("This list is for those who work on its requests.")

    def _list(
        self,
        request: HttpRequest,
        opened: Mapping[str, object],
        *,
        problem: saved_views.NoView | None = None,
        status: int = 200,
    ) -> HttpResponse:
        now, user = timezone.now(), user_of(request)
        seen = saved_views.describe(self.work, request, problem)
        found: Any = ListedRows(self.work, request.GET, user, now, seen["page_count"])
        page = Paginator(found, ROWS_A_PAGE).get_page(request.GET.get("page"))
        rows, one = list(page.object_list), cast(Any, opened.get("opened"))
        if one is not None and one not in rows:
            rows.insert(0, one)
        whole = one is not None and request.GET.get("whole") == YES
        if whole:  # its list isn't on the page
            rows = [one, *find_similar(self.work, one)]
        lines = describe_rows(request, [(self.work, row) for row in rows], now)
        context = {
            **seen,
            "sorts": SORTS,
            "sort": choose_sort(self.work, request.GET),
            "many": self.work.offer_many(user),
            "nothing": bulk.tell_refused(request),
            "finds_words": self.work.to_show is not None,  # a template would call `to_show`
            "adds": [*offer_page(self.work, user), *self.work.adds],
            "may_assign": may(user, ASSIGN, self.work.purpose),
            "now": now,
            "lines": lines,
            "companies": any(line.company for line in lines),
            "page": page,
            "place": find_place(self.work, page, request.GET, number=getattr(one, "number", "")),
            "states": self.work.states,
            "state": choose_filter(request.GET, "state", self.work.states, default=self.work.state),
            "may_export": may(user, self.work.exports, self.work.purpose),
            **({} if whole else self.work.given()),
            **opened,
        }
        if not whole:
            return render(request, "console/work_list.html", context, status=status)
        context |= {"line": lines[0], "similar": lines[1:]}
        return render(request, "console/whole.html", context, status=status)
