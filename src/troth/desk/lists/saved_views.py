"""Views of a list: standard ones, and filters that the user saved under a name."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db.models import Count, IntegerField, Q, QuerySet, TextField, Value
from django.db.models.functions import Cast
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from troth.desk import done, notices
from troth.desk.done import DoneKind, DoneNotice, PerformedAct
from troth.desk.lists import keys
from troth.desk.lists.filters import ME, NOBODY, YES, QueryKey
from troth.desk.lists.neighbors import ACT, MATCHING, PICK, REFUSED
from troth.desk.lists.shape import RequestList
from troth.desk.models import BulkRun, DeskSetting, SavedView
from troth.desk.staff import user_of
from troth.headers import see_other
from troth.queries import Part, PreparedQuery, Slot, fill_slots
from troth.records import work as work_rows
from troth.security.models import User
from troth.text import CannotRead, code, line
from troth.wording import Words

LONGEST_NAME, MOST_VIEWS = 40, 20
GONE = -1
"""Instead of the id of a view that is no longer there: what is wrong is beside no field."""
DELETED, RESTORED = "requests/view deleted", "requests/view restored"
_PASSING = frozenset({"page", "all", "whole", PICK, MATCHING, REFUSED, ACT, "address", done.FIELD})
"""Of the address, what no view keeps: where one was, what is whole or ticked, what was done, an address's hash."""


@dataclass(frozen=True)
class View:
    """One way to look at the list, with how many requests it has.   `id`: of a saved one."""

    title: Words
    query: str
    count: int
    here: bool
    id: int = 0


class NoView(Exception):
    """A view can't be saved; the sentence says why.   `id`: the one that was renamed, 0 for a new one, or GONE."""

    def __init__(self, sentence: str, id: int = 0) -> None:
        super().__init__(sentence)
        self.id = id


def filters_in(query: QueryDict, work: RequestList) -> str:
    """The filters of an address in a canonical form, so that equal filters are the same view."""
    return _write_filters(query, work.state)


def _write_filters(query: QueryDict, state: str) -> str:
    said = {name: code(query.get(name, ""), most=120) for name in sorted(query) if name not in _PASSING}
    # An empty state means all states where the list would otherwise narrow it; to that one, it narrows itself.
    kept = {name: text for name, text in said.items() if text or (name == "state" and state)}
    if kept.get("state", "") == state:
        kept.pop("state", None)
    return urlencode(kept)


# Of the same few views, for each page that a list is looked at.
@lru_cache(maxsize=512)
def _read_view(view: str, state: str) -> str:
    """The filters of a view in that form.   Takes  state: the list's default"""
    return _write_filters(QueryDict(view), state)


@dataclass(frozen=True)
class ListChoice:
    """A saved view (name and query), a colleague (name and user name) or a change (act and id)."""

    id: int
    name: str
    value: str


@dataclass(frozen=True)
class ListChoices:
    """What the user's own page of the list offers; `unfinished` are changes of many requests that aren't done."""

    saved: Sequence[ListChoice]
    colleagues: Sequence[ListChoice]
    unfinished: Sequence[ListChoice]
    letter_keys: bool = True


def list_choices(work: RequestList, user: User) -> ListChoices:
    """Saved views, colleagues to filter by, unfinished changes and the letter keys.   Cost  1 query for all"""
    found = sorted(_CHOICES.list(user=user.pk, work=work.name), key=lambda row: str(row[2]).casefold())

    def of(what: str) -> list[ListChoice]:
        return [ListChoice(id, name or value, value) for kind, id, name, value in found if kind == what]

    return ListChoices(of("view"), of("crew"), of("run"), letter_keys=not of("off"))


def _find_choices() -> "QuerySet[Any, tuple[str, int, str, str]]":
    own = Q(user=Slot("user"), work=Slot("work"))
    saved = SavedView.objects.filter(own)
    crew = User.objects.exclude(role="").exclude(pk=Slot("user")).filter(is_active=True)
    runs = BulkRun.objects.filter(own, ended_utc=None)
    views = saved.annotate(of=Value("view")).values_list("of", "pk", "name", "query")
    people = crew.annotate(of=Value("crew")).values_list("of", "pk", "display_name", "username")
    begun = runs.annotate(of=Value("run"), nothing=Value(0), address=Cast("pk", TextField()))
    off = DeskSetting.objects.filter(user=Slot("user"), letter_keys=False)
    off = off.annotate(of=Value("off"), nothing=Value(""))
    return views.union(
        people,
        begun.values_list("of", "nothing", "act", "address"),
        off.values_list("of", "pk", "nothing", "nothing"),
        all=True,
    )


_CHOICES = PreparedQuery(_find_choices)


def _list_standard(of_state: str) -> list[tuple[Words, str]]:
    """Those that each list has: title and query.   Takes   of_state: the one that the list shows by itself."""
    state = f"&state={of_state}" if of_state else ""
    views: list[tuple[Words, str]] = [
        (_("Assigned to you"), f"who={ME}{state}"),
        (_("Unassigned"), f"who={NOBODY}{state}"),
        (_("Late"), f"late={YES}"),
    ]
    return [(_("Open"), ""), *views, (_("All"), "state=")] if of_state else [(_("All"), ""), *views]


def list_views(work: RequestList, saved: Sequence[ListChoice], query: QueryDict, user: User) -> tuple[list[View], int]:
    """All views with their counts, and how many requests the address's own filters find.   Cost  1 query"""
    standard = _list_standard(work.state)
    wanted = [*standard, *((each.name, each.value) for each in saved)]
    ids = [*(0 for _each in standard), *(each.id for each in saved)]
    here = filters_in(query, work)
    counts = _count_found(work, query, [each for _title, each in wanted], user)
    views = [
        View(title, each, counts.get(at, 0), here=_read_view(each, work.state) == here, id=id)
        for at, ((title, each), id) in enumerate(zip(wanted, ids, strict=True), 1)
    ]
    return views, counts.get(0, 0)


def describe(work: RequestList, request: HttpRequest, problem: NoView | None = None) -> dict[str, Any]:
    """What the templates of views, filters and keys need; `page_count`: of the address's own filters.

    Takes   problem: why a view was not saved   Cost  2 queries"""
    user = user_of(request)
    offered = list_choices(work, user)
    seen, count = list_views(work, offered.saved, request.GET, user)
    wrong: dict[str, Any] = {}
    if problem is not None:
        wrong = {"view_error": str(problem), "view_wrong": problem.id, "typed": request.POST.get("name", "")}
        wrong["view_gone"] = problem.id == GONE
    return {
        "work": work,
        "views": seen,
        "saved": [view for view in seen if view.id],
        "filters": filters_in(request.GET, work),
        "colleagues": offered.colleagues,
        "unfinished": offered.unfinished,
        "letter_keys": offered.letter_keys,
        "asked": defaultdict(str, request.GET.dict()),  # a template finds what isn't there at once
        "page_count": count,
        **wrong,
    }


def change(request: HttpRequest, work: RequestList) -> HttpResponse:
    """A view or the letter keys, as the form of the list's page says.   Raises  NoView."""
    return keys.change(request) or _change_views(request, work)


def _change_views(request: HttpRequest, work: RequestList) -> HttpResponse:
    """Saves, renames or deletes a view, then shows the list.   Raises  NoView."""
    user, do = user_of(request), request.POST.get("view", "")
    if do == "save":
        query = filters_in(request.GET, work)
        if SavedView.objects.filter(user=user, work=work.name).count() >= MOST_VIEWS:
            raise NoView(_("You have %(most)d views of this list. Delete one first.") % {"most": MOST_VIEWS})
        SavedView.objects.create(user=user, work=work.name, name=_read_name(request, work), query=query)
        return _lead_to(work, query)
    view = SavedView.objects.filter(user=user, work=work.name, pk=_id(request)).first()
    if view is None:
        raise NoView(_("You no longer have this view. You may have deleted it in another tab."), GONE)
    if do == "delete":
        view.delete()
        page = _find_page(work, filters_in(request.GET, work))
        return notices.lead_on(request, PerformedAct(DELETED, (work.name, view.name, view.query), timezone.now(), page))
    SavedView.objects.filter(pk=view.pk).update(name=_read_name(request, work, view.pk))
    return _lead_to(work, view.query)


def _read_name(request: HttpRequest, work: RequestList, id: int = 0) -> str:
    try:
        name = line(request.POST.get("name", ""), most=LONGEST_NAME)
    except CannotRead as problem:
        raise NoView(str(problem), id) from problem
    if not name:
        raise NoView(_("Enter a name for this view."), id)
    same = SavedView.objects.filter(user=user_of(request), work=work.name, name__iexact=name).exclude(pk=id)
    if same.exists():
        raise NoView(_("You already have a view called “%(name)s”. Choose another name.") % {"name": name}, id)
    return name


def _id(request: HttpRequest) -> int:
    number = code(request.POST.get("id", ""))
    return int(number) if number.isdecimal() and len(number) < 19 else 0


def _lead_to(work: RequestList, filters: str) -> HttpResponseRedirect:
    return see_other(_find_page(work, filters))


def _find_page(work: RequestList, filters: str) -> str:
    return f"{work.address}?{filters}" if filters else work.address


def _tell_deleted(request: HttpRequest, act: PerformedAct) -> DoneNotice:
    return DoneNotice(sentences=(_("You deleted the view “%(name)s”.") % {"name": act.facts[1]},))


def _undo_deleted(request: HttpRequest, act: PerformedAct) -> PerformedAct | None:
    """None if there is a view of this name again, or no room for it."""
    work, name, query = act.facts
    own = SavedView.objects.filter(user=user_of(request), work=work)
    if own.filter(name__iexact=name).exists() or own.count() >= MOST_VIEWS:
        return None
    SavedView.objects.create(user=user_of(request), work=work, name=name, query=query)
    return PerformedAct(RESTORED, (name,), timezone.now(), act.page)


def _tell_restored(request: HttpRequest, act: PerformedAct) -> DoneNotice:
    return DoneNotice(sentences=(_("Your view “%(name)s” is back.") % {"name": act.facts[0]},))


DONE: Mapping[str, DoneKind] = {DELETED: DoneKind(_tell_deleted, _undo_deleted), RESTORED: DoneKind(_tell_restored)}


def _count_found(work: RequestList, query: QueryDict, views: Iterable[str], user: User) -> Mapping[int, int]:
    """How many requests the address's own filters find (0), and those of each view (from 1), in one query.

    Nothing for a view by filters that exist no longer."""
    own = None if "address" in query else filters_in(query, work)
    parts, same = [_compile_own(work, query, own, user)], []
    for at, view in enumerate(views, 1):
        if _read_view(view, work.state) == own:
            same.append(at)
            continue
        with suppress(Http404):
            parts.append(_compile(_Counting(QueryKey.of(work.name, view, user, at=at), work, user)))
    now = timezone.now()
    found = dict(work_rows.count_views([(sql, fill_slots(params, now=now)) for sql, params in parts if sql]))
    return found | dict.fromkeys(same, found.get(0, 0))


def _compile_own(work: RequestList, query: QueryDict, own: str | None, user: User) -> Part:
    """Of the address's own filters; of one that finds a person nothing is kept."""
    if own is None:
        return _read_sql(_count_as(0, work.choose_counted(query, user)))
    return _compile(_Counting(QueryKey.of(work.name, own, user), work, user))


@dataclass(frozen=True)
class _Counting:
    key: QueryKey
    work: RequestList = field(compare=False)
    user: User = field(compare=False)


# Django takes milliseconds to make the SQL of a page's views, and the same few are asked for again and again.
@lru_cache(maxsize=512)
def _compile(asked: _Counting) -> Part:
    query = QueryDict(asked.key.filters)
    return _read_sql(_count_as(asked.key.at, asked.work.choose_counted(query, asked.user)))


def _read_sql(found: "QuerySet[Any, tuple[Any, ...]]") -> Part:
    """Its SQL and parameters; none where it finds nothing whatever is in the database."""
    try:
        return found.query.sql_with_params()
    except EmptyResultSet:
        return "", ()


def _count_as(at: int, found: "QuerySet[Any]") -> "QuerySet[Any, tuple[Any, ...]]":
    marked = found.order_by().annotate(view=Value(at, IntegerField())).values("view")
    # Of an id it would not be counted by the index alone.
    counted: QuerySet[Any, tuple[Any, ...]] = marked.annotate(requests=Count("*")).values_list("view", "requests")
    return counted
