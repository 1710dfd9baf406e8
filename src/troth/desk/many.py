"""One act for several requests: a preview, then a run that shows its progress and what couldn't be done."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol
from uuid import UUID

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import get_object_or_404, render
from django.utils import timezone

from troth.desk import runs
from troth.desk.acts import SURE, YES, DeskAct, Words, form_of
from troth.desk.lines import WorkLine
from troth.desk.models import BulkRun
from troth.desk.runs import May
from troth.desk.staff import user_of
from troth.desk.standard import acts_of
from troth.security.models import User
from troth.text import code

MOST_QUERY = 500
"""Characters of the filters to which the page leads back."""
MOST = 2_000
"""Requests of one run. A preview names the first of them."""
NAMED = 25


class ChosenRow(Protocol):
    """The list that the requests are on."""

    @property
    def name(self) -> str: ...

    @property
    def address(self) -> str: ...

    @property
    def title(self) -> Words: ...

    @property
    def line(self) -> Callable[[Any, datetime], WorkLine]: ...

    @property
    def rows(self) -> Callable[[], "QuerySet[Any]"]: ...

    def choose_rows(self, query: QueryDict, user: User) -> "QuerySet[Any]": ...


@dataclass(frozen=True)
class Picked:
    """One request that was chosen, with the act where it can be done."""

    case: Any
    act: DeskAct | None


@dataclass(frozen=True)
class NamedRow:
    """One request as the preview names it."""

    number: str
    about: str
    able: bool


def take(request: HttpRequest, work: ChosenRow, *, may: May) -> HttpResponse:
    """The preview; once it is confirmed, the run and its first slice."""
    picked = _pick(request, work, may)
    able = [each for each in picked if each.act is not None]
    query = _query(request)
    context = {"work": work, "picked": picked, "able": able, "query": query, "most": MOST}
    first = next(((each.act, each.case) for each in able if each.act), None)
    if first is None:
        return render(request, "console/bulk.html", context, status=400)
    act, case = first
    sent = request.POST.get(SURE) == YES
    typed = act.read(request.POST, case)
    if sent and not typed.errors:
        return _begin(request, work, act, [each.case.number for each in picked], may, typed=typed.values)
    context |= {
        "form": form_of(act, case, act.refuse(typed.errors) if sent else None, request),
        "named": _name(work, picked),
        "more": max(0, len(picked) - NAMED),
        "numbers": " ".join(each.case.number for each in able),
    }
    return render(request, "console/bulk.html", context, status=400 if sent else 200)


def show_run(request: HttpRequest, work: ChosenRow, id: UUID, *, may: May) -> HttpResponse:
    """The progress of a run, for the user who started it; POST continues or stops it."""
    run = get_object_or_404(BulkRun, pk=id, user=user_of(request), work=work.name)
    if request.method == "POST":
        if request.POST.get("do") == "stop":
            runs.stop(run, timezone.now())
        else:
            runs.go_on(request, work, run.pk, may=may)
        return HttpResponseRedirect(request.path, status=303)
    button = _find_button(work, run)
    return render(request, "console/run.html", {"work": work, "run": run, "button": button, "query": run.query})


def _find_button(work: ChosenRow, run: BulkRun) -> Words:
    """What the act is called, for the first request that has it."""
    acts = (act for case in work.rows().filter(number__in=run.numbers[:NAMED]) for act in acts_of(case))
    return next((act.button for act in acts if act.do == run.act and act.many), run.act)


def _begin(
    request: HttpRequest, work: ChosenRow, act: DeskAct, numbers: Sequence[str], may: May, *, typed: Mapping[str, str]
) -> HttpResponse:
    user, back, now = user_of(request), _query(request), timezone.now()
    run = runs.begin(user, work, act=act.do, typed=typed, numbers=numbers, query=back, now=now)
    runs.go_on(request, work, run.pk, may=may)
    return HttpResponseRedirect(f"{work.address}bulk/{run.pk}/", status=303)


def _pick(request: HttpRequest, work: ChosenRow, may: May) -> list[Picked]:
    """The requests that were selected, or all that match the filters, most urgent first."""
    if request.POST.get("all") == YES:
        numbers = work.choose_rows(QueryDict(_query(request)), user_of(request)).values_list("number", flat=True)[:MOST]
        found: Iterable[str] = list(numbers)
    else:
        picked = [code(each) for each in request.POST.getlist("pick")]
        found = [*picked, *(code(each) for each in request.POST.get("numbers", "").split())][:MOST]
    cases = work.rows().filter(number__in=found).order_by("due_utc", "number")
    do = code(request.POST.get("do", ""))
    return [Picked(case, runs.find_act(acts_of(case), case, do, may)) for case in cases]


def _name(work: ChosenRow, picked: Sequence[Picked]) -> list[NamedRow]:
    """The chosen requests by name, those that can't be changed first, because that is what a preview is for."""
    ordered = sorted(picked, key=lambda each: each.act is not None)[:NAMED]
    return [
        NamedRow(each.case.number, work.line(each.case, each.case.received_utc).about, each.act is not None)
        for each in ordered
    ]


def _query(request: HttpRequest) -> str:
    return code(request.POST.get("query", ""), most=MOST_QUERY)
