"""A list of requests with one of them opened: the frame's pages for each room's list.

/console/quotes/              what the filters ask for
/console/quotes/Q-2026-1/     one opened among them; POST `do`: contact reads it, file fetches one, else one of its acts
/console/quotes/requests.csv  the same list without paging, for those whom the policy lets answer
/console/quotes/bulk/         several of them at once: a preview, then a run of its own address
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any, cast
from uuid import UUID

from django.core.exceptions import FieldError
from django.core.paginator import Paginator
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseNotAllowed, QueryDict
from django.shortcuts import render
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from troth import in_force
from troth.cases.kinds import kind_of
from troth.cases.models import Case
from troth.collection.downloads import download
from troth.collection.forms import takes_files
from troth.desk import answering, confirming, exporting, handing, many, reading, settling, undone, views
from troth.desk.acts import ActForm, DeskAct, Taken, form_of
from troth.desk.around import find_place
from troth.desk.companies import show_companies
from troth.desk.entering import StaffEntry, make_page, offer_page
from troth.desk.filters import ME, NOBODY, NOW, YES, choose_filter, is_assigned_to, is_late
from troth.desk.lines import ListMoment, WorkLine, with_names
from troth.desk.listed import ListedRows
from troth.desk.panels import panel_of
from troth.desk.reading import Step
from troth.desk.similar import find_similar
from troth.desk.sorting import SORTS, choose_order, choose_sort
from troth.desk.staff import ANSWER, ASSIGN, EXPORT, READ, may, staff_only, user_of
from troth.desk.standard import acts_of, list_many
from troth.files import NoSuchFile
from troth.headers import see_other
from troth.queries import PreparedQuery, Slot
from troth.security.models import User
from troth.text import code, read_search
from troth.wording import Words

NUMBER = gettext_lazy("Number")
ROWS_A_PAGE = 25
READS = ("contact", "file")  # acts that read the person's data: shown on the page, or one file of it
Asked = Any
"""A case, or a row of a room's table that extends it."""


def _as_it_is(found: "QuerySet[Any]", query: QueryDict) -> "QuerySet[Any]":
    return found


@dataclass(frozen=True, kw_only=True)
class WorkList:
    """A room's list of requests that staff answer.

    name      of its address and routes, as "quotes"
    purpose   all requests of it are on the list, and its recipients may read and answer; `answers` and `exports` are
              the acts that `staff.may` is asked for
    opens     the act without which the list is not there at all; `rows`: all of its requests
    states    by which it is narrowed, each with what it means; `state` is the default
    by_due    the states that are listed by when they are due; all others newest first
    line      one row, as it is shown at a moment; `steps`: what happened so far
    empty     heading and sentence where there is nothing; `heading`: of the page, where it isn't the title
    mine      which requests are the user's own, and `nobodys` which nobody has yet
    seeks     what its search finds, and `sought` finds it; without one it finds a number, whatever else is asked
    filters   template of the room's own filters; `given` is what it needs; `narrow` applies them
    to_show   what was typed into the filters, as a query for the address; `promise`: within which time they're answered
    ahead     further pages, and `adds` those on which staff add to it what nobody sent: address and title
    entry     how staff enter requests that came by phone, by mail or in person; without it they don't
    alike     which others are about the same as one, or nothing
    exported  the name of the CSV, which has `columns`, with `row`, after those that all lists have"""

    name: str
    title: Words
    purpose: str
    rows: Callable[[], "QuerySet[Any]"]
    line: Callable[[Asked, ListMoment], WorkLine]
    steps: Callable[[Asked], list[Step]]
    states: Mapping[str, Q]
    exported: str
    columns: Sequence[Words]
    row: Callable[[Asked], Sequence[object]]
    state: str = ""
    by_due: Sequence[str] = ()
    heading: Words = ""
    empty: tuple[Words, Words] = ("", "")
    opens: str = ""
    answers: str = ANSWER
    exports: str = EXPORT
    mine: Callable[[User], Q] = is_assigned_to
    nobodys: Q = field(default_factory=lambda: Q(assigned_to=""))
    seeks: Words = NUMBER
    sought: Callable[[str], Q] | None = None
    filters: str = ""
    given: Callable[[], Mapping[str, object]] = dict
    narrow: Callable[["QuerySet[Any]", QueryDict], "QuerySet[Any]"] = _as_it_is
    to_show: Callable[[HttpRequest], str] | None = None
    promise: str = ""
    ahead: Sequence[tuple[str, Words]] = ()
    adds: Sequence[tuple[str, Words]] = ()
    entry: StaffEntry | None = None
    alike: Callable[[Asked], Q | None] | None = None

    @property
    def address(self) -> str:
        return f"/console/{self.name}/"

    def is_for(self, user: User) -> bool:
        return not self.opens or may(user, self.opens, self.purpose)

    def is_worked_by(self, user: User) -> bool:
        """Whether the user answers its requests, or hands them to others."""
        return self.is_for(user) and any(may(user, act, self.purpose) for act in (self.answers, ASSIGN))

    def leanest(self, choose: "Callable[[QuerySet[Any]], QuerySet[Any]]") -> "QuerySet[Any]":
        """What `choose` gives of the table of all requests; of the room's rows, where it asks for what only they have.

        Counting a hundred thousand without the room's table takes a fifth of the time."""
        try:
            return choose(Case.objects.filter(purpose=self.purpose))
        except FieldError:
            return choose(self.rows())

    @cached_property
    def by_number(self) -> PreparedQuery[Asked]:
        return PreparedQuery(lambda: self.rows().filter(number=Slot("number")))

    @cached_property
    def by_ids(self) -> PreparedQuery[Asked]:
        return PreparedQuery(lambda: with_names(self.rows().filter(pk__any=Slot("ids"))))

    def choose_rows(self, query: QueryDict, user: User, at_utc: datetime | Slot) -> "QuerySet[Any]":
        """The requests that the filters ask for at a moment.   Raises  Http404: a filter that does not exist."""
        # Of a list's table all rows have its purpose. It is said for the index that has them in the list's order.
        return self._choose(self.rows().filter(purpose=self.purpose), query, user, at_utc)

    def choose_counted(self, query: QueryDict, user: User) -> "QuerySet[Any]":
        """As many requests, to be counted at NOW.   Raises  Http404: a filter that does not exist."""
        return self.leanest(lambda found: self._choose(found, query, user, NOW))

    def _choose(self, found: "QuerySet[Any]", query: QueryDict, user: User, now: datetime | Slot) -> "QuerySet[Any]":
        text = read_search(query.get("q", ""))
        if text and self.sought is None:
            return found.filter(number=text.upper()).order_by("number")
        state = choose_filter(query, "state", self.states, default=self.state)
        if query.get("late") == YES:
            found = found.filter(is_late(now))
        elif state:
            found = found.filter(self.states[state])
        if who := code(query.get("who", "")):
            found = found.filter({ME: self.mine(user), NOBODY: self.nobodys}.get(who) or Q(assigned_to=who))
        if text and self.sought is not None:
            found = found.filter(self.sought(text))
        return self.narrow(found, query).order_by(*choose_order(self, query))

    def urls(self) -> list[URLPattern]:
        """The routes of the list, of one opened, and of the CSV."""
        pages = _Pages(self)
        new = [path("new/", make_page(self), name=f"console-{self.name}-new")] if self.entry else []
        return [
            path("", pages.make_list(), name=f"console-{self.name}"),
            path("requests.csv", pages.as_csv(), name=f"console-{self.name}-csv"),
            *new,
            path("bulk/", pages.bulk(), name=f"console-{self.name}-bulk"),
            path("bulk/<uuid:run>/", pages.run(), name=f"console-{self.name}-run"),
            path("<str:number>/", pages.make_page(), name=f"console-{self.name}-one"),
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
            if (asked := self.work.by_number.first(number=number)) is None:
                raise Http404("There is no request of this number.")
            if request.method != "POST" or not request.POST.get("do"):
                return self._one(request, asked)
            return self._contact(request, asked) if request.POST["do"] in READS else self._act(request, asked)

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
            try:
                return many.take(request, many.requests_of(self.work), may=lambda act: self._may(request, act))
            except many.NothingToDo as problem:
                return self._list(request, {"nothing": str(problem)}, status=400)

        return page

    def run(self) -> Callable[..., HttpResponseBase]:
        @require_http_methods(["GET", "HEAD", "POST"])
        @staff_only
        def page(request: HttpRequest, run: UUID) -> HttpResponse:
            self._is_there(request)
            return many.show_run(request, many.requests_of(self.work), run, may=lambda act: self._may(request, act))

        return page

    def _change_views(self, request: HttpRequest) -> HttpResponse:
        try:
            return views.change(request, self.work)
        except views.NoView as wrong:
            return self._list(request, {}, problem=wrong, status=400)

    def _is_there(self, request: HttpRequest) -> None:
        if not self.work.is_for(user_of(request)):
            raise Http404("This list is for those who work on its requests.")

    def _act(self, request: HttpRequest, asked: Asked) -> HttpResponse:
        """Carries out the act that was sent. On an error, its form shows why and keeps the values."""
        if (act := next((each for each in acts_of(asked) if each.do == code(request.POST["do"])), None)) is None:
            return self._one(request, asked, error=reading.unknown_act(), status=400)
        if not self._may(request, act):
            return self._one(request, asked, status=403)
        if not (act.own or act.shown(asked)) and (ended := reading.tell_ended(asked)):
            return self._one(request, asked, taken=act.refuse({"": ended}), status=400)
        asks, unassigned = act.asks(request, asked), act.takes and self._may_take(request, asked)
        taken = act.prepare(request, asked) if asks else act.take(request, asked)
        if asks and not taken.errors:
            return confirming.ask_once(request, asked, act, purpose=self.work.purpose)
        if taken.errors:
            return self._one(request, asked, taken=taken, status=400)
        assigned = undone.take_over(request, asked) if unassigned else None
        return taken.page or assigned or undone.lead_back(request, asked, act)

    def _may_take(self, request: HttpRequest, asked: Asked) -> bool:
        """Whether nobody has it and the user may be the one who does."""
        found = self.work.rows().filter(self.work.nobodys, pk=asked.pk, state__in=Case.LIVING)
        return may(user_of(request), ASSIGN, self.work.purpose) and bool(found.exists())

    def _may(self, request: HttpRequest, act: DeskAct) -> bool:
        return may(user_of(request), act.needs or self.work.answers, self.work.purpose)

    def _contact(self, request: HttpRequest, asked: Asked) -> HttpResponseBase:
        """Their data, read for the purpose and reason that their history shows from then on, or one of their files."""
        if not may(user_of(request), READ, self.work.purpose):
            return self._one(request, asked, status=403)
        if asked.person_id is None:
            return self._one(request, asked, error=reading.nobody(), status=400)
        again = reading.reread_contact(request, asked, purpose=self.work.purpose)
        if request.POST["do"] == "file" and again is not None:
            return self._fetch(request, asked, again)
        try:
            reason = reading.reason_in(request.POST)
        except reading.NoReason as problem:
            return self._one(request, asked, more={"no_reason": str(problem)}, status=400)
        read = reading.read_contact(
            request, person=asked.person_id, purpose=self.work.purpose, cause=asked.pk, reason=reason
        )
        return self._fetch(request, asked, read)

    def _fetch(self, request: HttpRequest, asked: Asked, read: reading.Contact) -> HttpResponseBase:
        """One file of what was read; all that was read, where none was asked for."""
        if (wanted := read.file(code(request.POST.get("file", "")))) is None:
            return self._one(request, asked, more={"contact": read})
        try:
            return download(wanted.parts(), name=wanted.name)
        except NoSuchFile:
            return self._one(request, asked, more={"contact": read, "lost": wanted}, status=503)

    def _one(
        self,
        request: HttpRequest,
        asked: Asked,
        *,
        taken: Taken | None = None,
        error: str = "",
        more: Mapping[str, object] | None = None,
        status: int = 200,
    ) -> HttpResponse:
        panel, more, steps = panel_of(asked), more or {}, self.work.steps(asked)
        own = taken if taken is not None and taken.act.own else None
        contact, may_read = more.get("contact"), may(user_of(request), READ, self.work.purpose)
        if contact is None and may_read:
            contact = reading.reread_contact(request, asked, purpose=self.work.purpose)
        settles, forms = settling.divide(request, asked, self._list_forms(request, asked, taken), taken)
        context = {
            "opened": asked,
            "kind": kind_of(asked),
            "panel": panel,
            "settles": settles,
            "steps": steps,
            "may_read": may_read,
            "forms": forms,
            "approved": reading.list_approvals(asked),
            "living": asked.state in Case.LIVING,
            **answering.describe(request, asked, contact, steps, forms),
            "held": handing.describe(asked, user_of(request)),
            "did": taken.act.do if taken else "",
            "errors": own.errors if own else {},
            "error": own.errors.get("", "") if own else error,
            **(panel.context(request, asked) if panel.context else {}),
            **more,
            "contact": contact,
        }
        return self._list(request, context, status=status)

    def _list_forms(self, request: HttpRequest, asked: Asked, taken: Taken | None) -> list[ActForm]:
        """Of the acts for which it is the time, and of the one that was sent."""
        who, sent = user_of(request).who, taken.act if taken else None
        found = (each for each in acts_of(asked) if each is sent or each.is_offered(asked, who))
        return [form_of(each, asked, taken, request) for each in found if not each.own and self._may(request, each)]

    def _list(
        self,
        request: HttpRequest,
        opened: Mapping[str, object],
        *,
        problem: views.NoView | None = None,
        status: int = 200,
    ) -> HttpResponse:
        now, user = timezone.now(), user_of(request)
        seen = views.describe(self.work, request, problem)
        found: Any = ListedRows(self.work, request.GET, user, now, seen["page_count"])
        page = Paginator(found, ROWS_A_PAGE).get_page(request.GET.get("page"))
        rows, one = list(page.object_list), cast(Any, opened.get("opened"))
        if one is not None and one not in rows:
            rows.insert(0, one)
        whole = one is not None and request.GET.get("whole") == YES
        alike = find_similar(self.work, one) if whole else ()
        every = describe_rows(request, [(self.work, row) for row in (*rows, *alike)], now)
        lines, similar = every[: len(rows)], every[len(rows) :]
        context = {
            **seen,
            "sorts": SORTS,
            "sort": choose_sort(self.work, request.GET),
            "many": list_many(user, self.work.purpose, answers=self.work.answers),
            "finds_words": self.work.to_show is not None,  # a template would call `to_show`
            "adds": [*offer_page(self.work, user), *self.work.adds],
            "may_assign": may(user, ASSIGN, self.work.purpose),
            "now": now,
            "lines": lines,
            "companies": any(line.company for line in lines),
            "page": page,
            "place": find_place(page, request.GET, address=self.work.address, number=getattr(one, "number", "")),
            "states": self.work.states,
            "state": choose_filter(request.GET, "state", self.work.states, default=self.work.state),
            "section": in_force.policy().section_of(self.work.purpose),
            "may_export": may(user, self.work.exports, self.work.purpose),
            **self.work.given(),
            **opened,
        }
        if not whole:
            return render(request, "console/work_list.html", context, status=status)
        context |= {"line": next(line for line in lines if line.number == one.number), "similar": similar}
        return render(request, "console/whole.html", context, status=status)


def describe_rows(http: HttpRequest, rows: Sequence[tuple[WorkList, Asked]], now: datetime) -> list[WorkLine]:
    """Requests of one or several lists as lines, with the companies where the policy lets this user see them."""
    show_companies(http, rows)
    shown = ListMoment.of(now)
    return [work.line(row, shown) for work, row in rows]
