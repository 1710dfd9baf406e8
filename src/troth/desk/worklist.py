"""A list of requests with one of them opened, as each room brings its own: the frame's pages for it.

/console/quotes/              newest first; what the room's filters ask for
/console/quotes/Q-2026-1/     one opened among them; POST `do`: contact reads it, answered closes it, else a room's act
/console/quotes/requests.csv  the same list without paging, for those whom the policy lets answer
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol
from uuid import UUID

from django.core.paginator import Paginator
from django.db.models import Model, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import get_object_or_404, render
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.functional import Promise
from django.views.decorators.http import require_http_methods, require_safe

from troth import gate
from troth.desk import exporting, reading
from troth.desk.lines import WorkLine
from troth.desk.reading import Step
from troth.desk.staff import ANSWER, EXPORT, READ, may, staff_only, user_of
from troth.text import code

ROWS_A_PAGE = 25

Asked = Any
"""A row of the room's table: it has id, number, person_id, received_utc, due_utc, answered_utc."""


class CannotAct(Exception):
    """A room's own act is not carried out: the form comes back with `context`."""

    def __init__(self, status: int, **context: object) -> None:
        super().__init__()
        self.status, self.context = status, context


class Close(Protocol):
    """Closes a request that somebody answered. False for one that is not open."""

    def __call__(self, asked: UUID, /, *, who: str, at_utc: datetime) -> bool: ...


Act = Callable[[HttpRequest, Asked], None]
"""What a button of an opened request does. Raises CannotAct with the sentence for its form."""


@dataclass(frozen=True, kw_only=True)
class WorkList:
    """A room's list of what somebody has to answer.

    name      of the address and the routes, as "quotes"
    purpose   whose recipients may read and answer
    promise   of the policy: within which time they answer
    due       the requests that somebody has to answer now
    waiting   those that the program still works on
    alarmed   those about which somebody has to decide
    line      one row, at a moment
    steps     what happened so far
    answer    closes one
    found     the requests that a query asks for, newest first
    to_show   what was typed into the filters, as a query for the address; POST sends it here
    opened    more for the page of one: (request, row)
    acts      `do` of a button → what it does
    columns   of the CSV, with `row` and the name of the file; without them there is none"""

    name: str
    title: Promise | str
    purpose: str
    model: type[Model]
    template: str
    due: Callable[[], "QuerySet[Any]"]
    waiting: Callable[[], Iterable[Asked]]
    line: Callable[[Asked, datetime], WorkLine]
    steps: Callable[[Asked], list[Step]]
    answer: Close
    found: Callable[[QueryDict], "QuerySet[Any]"]
    promise: str = ""
    alarmed: Callable[[], Iterable[Asked]] = tuple
    to_show: Callable[[HttpRequest], str] | None = None
    filters: Callable[[HttpRequest], Mapping[str, object]] | None = None
    opened: Callable[[HttpRequest, Asked], Mapping[str, object]] | None = None
    acts: Mapping[str, Act] = field(default_factory=dict)
    columns: Sequence[str] = ()
    row: Callable[[Asked], list[str]] | None = None
    exported: str = ""

    @property
    def address(self) -> str:
        return f"/console/{self.name}/"

    def urls(self) -> list[URLPattern]:
        """The routes of the list, of one opened, and of the CSV."""
        pages = _Pages(self)
        csv = [path("requests.csv", pages.as_csv(), name=f"console-{self.name}-csv")] if self.columns else []
        return [
            path("", pages.listed(), name=f"console-{self.name}"),
            *csv,
            path("<str:number>/", pages.opened(), name=f"console-{self.name}-one"),
        ]


@dataclass(frozen=True)
class _Pages:
    work: WorkList

    def listed(self) -> Callable[..., HttpResponse]:
        @require_http_methods(["GET", "HEAD", "POST"] if self.work.to_show else ["GET", "HEAD"])
        @staff_only
        def page(request: HttpRequest) -> HttpResponse:
            if request.method == "POST" and self.work.to_show:
                return HttpResponseRedirect(f"{request.path}?{self.work.to_show(request)}", status=303)
            return self._list(request, {})

        return page

    def opened(self) -> Callable[..., HttpResponse]:
        @require_http_methods(["GET", "HEAD", "POST"])
        @staff_only
        def page(request: HttpRequest, number: str) -> HttpResponse:
            return self._one(request, number)

        return page

    def as_csv(self) -> Callable[..., HttpResponse]:
        @require_safe
        @staff_only
        def page(request: HttpRequest) -> HttpResponse:
            if not may(user_of(request), EXPORT, self.work.purpose) or self.work.row is None:
                raise Http404("The list is exported by those who answer the requests.")
            rows = map(self.work.row, self.work.found(request.GET))
            return exporting.as_csv(request, self.work.exported, self.work.columns, rows)

        return page

    def _one(self, request: HttpRequest, number: str) -> HttpResponse:
        asked: Asked = get_object_or_404(self.work.model, number=number)
        user, do = user_of(request), code(request.POST.get("do", ""))
        reads, answers = may(user, READ, self.work.purpose), may(user, ANSWER, self.work.purpose)
        context: dict[str, object] = {
            "opened": asked,
            "steps": self.work.steps(asked),
            "may_read": reads,
            "closable": answers and self.work.due().filter(pk=asked.pk).exists(),
            **(self.work.opened(request, asked) if self.work.opened else {}),
        }
        if (do == "contact" and not reads) or (do == "answered" and not answers):
            return self._list(request, context, status=403)
        if do == "contact":
            return self._contact(request, asked, context)
        if do == "answered":
            self.work.answer(asked.pk, who=f"staff:{user.username}", at_utc=timezone.now())
            return HttpResponseRedirect(request.get_full_path(), status=303)
        if do in self.work.acts:
            return self._act(request, asked, context, self.work.acts[do])
        return self._list(request, context)

    def _act(self, request: HttpRequest, asked: Asked, context: Mapping[str, object], act: Act) -> HttpResponse:
        try:
            act(request, asked)
        except CannotAct as problem:
            return self._list(request, {**context, **problem.context}, status=problem.status)
        return HttpResponseRedirect(request.get_full_path(), status=303)

    def _contact(self, request: HttpRequest, asked: Asked, context: Mapping[str, object]) -> HttpResponse:
        try:
            reason = reading.reason_in(request.POST)
        except reading.NoReason as problem:
            return self._list(request, {**context, "no_reason": str(problem)}, status=400)
        read = reading.read_contact(
            request, person=asked.person_id, purpose=self.work.purpose, request=asked.pk, reason=reason
        )
        return self._list(request, {**context, "contact": read})

    def _list(self, request: HttpRequest, opened: Mapping[str, object], *, status: int = 200) -> HttpResponse:
        now = timezone.now()
        page = Paginator(self.work.found(request.GET), ROWS_A_PAGE).get_page(request.GET.get("page"))
        rows, one = list(page.object_list), opened.get("opened")
        if one is not None and one not in rows:
            rows.insert(0, one)
        context = {
            "work": self.work,
            "lines": [self.work.line(row, now) for row in rows],
            "page": page,
            "query": _without_page(request.GET),
            "asked": request.GET,
            "section": gate.policy().section_of(self.work.purpose),
            "may_export": bool(self.work.columns) and may(user_of(request), EXPORT, self.work.purpose),
            **(self.work.filters(request) if self.work.filters else {}),
            **opened,
        }
        return render(request, self.work.template, context, status=status)


def _without_page(query: QueryDict) -> str:
    kept = query.copy()
    kept.pop("page", None)
    return f"{kept.urlencode()}&" if kept else ""
