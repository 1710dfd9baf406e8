"""One act for several rows of a list: a preview, then a run that shows its progress and what couldn't be done."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.db.models import Count
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext_lazy, ngettext

from troth.cases.emails import ask_writable
from troth.cases.models import CaseEvent
from troth.desk.acts.act import SURE, YES, DeskAct
from troth.desk.acts.form import ActForm, FieldShown, form_of
from troth.desk.acts.standard import acts_of
from troth.desk.done import LASTING
from troth.desk.lists import runs
from troth.desk.lists.lines import ListMoment
from troth.desk.lists.neighbors import ACT, MATCHING, PICK, REFUSED
from troth.desk.lists.shape import RequestList
from troth.desk.models import BulkRun
from troth.desk.staff import user_of
from troth.headers import see_other
from troth.security.models import User
from troth.text import code
from troth.wording import Words

MOST_QUERY = 500
"""Characters of the filters to which the page leads back."""
MOST = 2_000
"""Rows of one run. A preview names the first of them."""
NAMED = 25
NO_MARK = "-"


@dataclass(frozen=True, kw_only=True)
class BulkRows:
    """A list whose rows are changed several at once.

    below    the address under which its rows and runs are
    choose   what the filters of an address find, as keys: in what order, and how many at most
    find     the rows with these keys, the most urgent first; `key` is that of one
    acts     what can be done with a row; `offered` are those that are known for several, and `may` says who may
    mark     what becomes another with each change of a row, by its key: a run leaves out what isn't as the preview was
    describe a row as the preview names it; `count` so many of them, in words
    alike    rows for which it gives the same have the same choices
    prepare  asks at once what the effects of an act on these rows depend on"""

    name: str
    address: str
    below: str
    title: Words
    choose: Callable[[QueryDict, User, int], Sequence[str]]
    find: Callable[[Sequence[str]], Sequence[Any]]
    key: Callable[[Any], str]
    acts: Callable[[Any], Sequence[DeskAct]]
    offered: Sequence[DeskAct]
    may: Callable[[User, DeskAct, Any], bool]
    mark: Callable[[Sequence[Any]], Mapping[str, str]]
    describe: Callable[[Any], str]
    count: Callable[[int], str]
    alike: Callable[[Any], object] = lambda row: None
    prepare: Callable[[Sequence[Any]], None] = lambda rows: None


def requests_of(work: RequestList) -> BulkRows:
    """The requests of a list."""

    def choose(query: QueryDict, user: User, most: int) -> Sequence[str]:
        return list(work.choose_rows(query, user, timezone.now()).values_list("number", flat=True)[:most])

    return BulkRows(
        name=work.name,
        address=work.address,
        below=work.below,
        title=work.title,
        choose=choose,
        find=work.find_rows,
        key=lambda case: str(case.number),
        acts=acts_of,
        offered=work.offer_acts(),
        may=work.allows,
        mark=_count_events,
        alike=lambda case: case.purpose,
        describe=lambda case: f"{case.number}, {work.line(case, ListMoment.of(case.received_utc)).about}",
        count=lambda number: ngettext("%d request", "%d requests", number) % number,
        prepare=ask_writable,
    )


def _count_events(cases: Sequence[Any]) -> Mapping[str, str]:
    """How much has happened to each: whatever is done to a request, or comes in for it, is an event."""
    numbers = {case.pk: str(case.number) for case in cases}
    found = CaseEvent.objects.filter(case__in=numbers).order_by().values_list("case").annotate(events=Count("*"))
    counted = {numbers[case]: str(events) for case, events in found}
    return {number: counted.get(number, NO_MARK) for number in numbers.values()}


@dataclass(frozen=True)
class Picked:
    """One row that was chosen, with the act where it can be done."""

    row: Any
    act: DeskAct | None


@dataclass(frozen=True)
class NamedRow:
    """One row as the preview names it."""

    about: str
    able: bool


_NONE, _NOT_THESE = "none", "these"
_REFUSALS = {
    _NONE: gettext_lazy("Select at least one line first."),
    _NOT_THESE: gettext_lazy("That action isn’t available for what you selected. Choose another one."),
}
_MOST_EFFECTS = 3
_MOST_IN_ADDRESS = 300
"""Rows that the address of a list names as ticked: more than any page shows."""


def take(request: HttpRequest, work: BulkRows) -> HttpResponse:
    """The preview; once it is confirmed, the run and its first slice. The list again where nothing can be done."""
    picked = _pick(request, work)
    able = [each for each in picked if each.act is not None]
    query = _query(request)
    context = {"work": work, "count": work.count(len(able)), "query": query}
    context |= {"able": able, "most": work.count(MOST), "full": len(picked) == MOST}
    first = next(((each.act, each.row) for each in able if each.act), None)
    if first is None:
        return _refuse(request, work, picked)
    act, row = first
    seen, matching = _read_seen(request), _is_matching(request)
    sent = request.POST.get(SURE) == YES and seen is not None
    typed = act.read(request.POST, row)
    if sent and seen is not None and not typed.errors:
        return _begin(request, work, act, [each.row for each in picked], typed=typed.values, seen=seen)
    form = form_of(act, row, act.refuse(typed.errors) if sent else None, request)
    shown = _choose_common(form, {work.alike(each.row): each.row for each in able}.values())
    shown = replace(shown, effect=_join_effects(work, act, [each.row for each in able]) or form.effect)
    context |= {
        "form": shown,
        "narrower": shown.entries != form.entries,
        "named": _name(work, picked),
        "more": max(0, len(picked) - NAMED),
        "numbers": " ".join(work.key(each.row) for each in able),
        "seen": _mark(work, [each.row for each in able]),
        "matching": matching,
        "back": _lead_back(work, query, picked, matching=matching),
    }
    return render(request, "console/bulk.html", context, status=400 if sent else 200)


def tell_refused(request: HttpRequest) -> str:
    """On the list that `take` led back to, why nothing was done; empty on others."""
    return str(_REFUSALS.get(code(request.GET.get(REFUSED, "")), ""))


def _refuse(request: HttpRequest, work: BulkRows, picked: Sequence[Picked]) -> HttpResponse:
    """To the list as it was, so that loading it again sends nothing again."""
    back = _lead_back(work, _query(request), picked, matching=_is_matching(request))
    why = urlencode({ACT: code(request.POST.get(ACT, "")), REFUSED: _NOT_THESE if picked else _NONE})
    return see_other(f"{back}{'&' if '?' in back else '?'}{why}")


def show_run(request: HttpRequest, work: BulkRows, id: UUID) -> HttpResponse:
    """The progress of a run, for the user who started it; POST continues, stops or undoes it."""
    run = get_object_or_404(BulkRun, pk=id, user=user_of(request), work=work.name)
    now = timezone.now()
    reverse = _find_reverse(request, work, run, now)
    if request.method == "POST":
        do = request.POST.get("do")
        if do == "stop":
            runs.stop(run, now)
        elif do == "undo" and reverse is not None:
            run = runs.begin_reverse(run, work, reverse, now)
        if do != "stop":
            runs.go_on(request, work, run.pk)
        return see_other(f"{work.below}bulk/{run.pk}/")
    offered = runs.with_reverse(work.offered)
    button = next((each.button for each in offered if each.do == run.act and each.many), run.act)
    until = run.ended_utc + LASTING if run.ended_utc and reverse is not None else None
    context = {"work": work, "run": run, "button": button, "query": run.query, "all": work.count(run.total)}
    context |= {"failed": _list_failed(work, run), "undo_until": until}
    if run.ended_utc:
        context |= _list_changed(work, run)
    return render(request, "console/run.html", context)


def _find_reverse(request: HttpRequest, work: BulkRows, run: BulkRun, now: datetime) -> DeskAct | None:
    """What undoes the run, where the user may still do that with its first row."""
    reverse, row = runs.find_reverse(work.offered, run, now), next(iter(work.find(run.numbers[:1])), None)
    return reverse if reverse is not None and row is not None and work.may(user_of(request), reverse, row) else None


def _list_changed(work: BulkRows, run: BulkRun) -> Mapping[str, object]:
    """Key and description of the rows that the run changed, in its order, and how many more there are."""
    failed = {key for key, _why in run.failed}
    changed = [key for key in run.numbers[: run.position] if key not in failed]
    rows = {work.key(row): row for row in work.find(changed[:NAMED])}
    named = [(key, work.describe(rows[key])) for key in changed[:NAMED] if key in rows]
    return {"changed": named, "more": len(changed) - len(named)}


def _list_failed(work: BulkRows, run: BulkRun) -> list[tuple[str, str, str]]:
    """Key, description and reason of each row that couldn't be changed; those that are gone are left out."""
    rows = {work.key(row): row for row in work.find([key for key, _why in run.failed])}
    return [(key, work.describe(rows[key]), why) for key, why in run.failed if key in rows]


def _begin(
    request: HttpRequest,
    work: BulkRows,
    act: DeskAct,
    rows: Sequence[Any],
    *,
    typed: Mapping[str, str],
    seen: Mapping[str, str],
) -> HttpResponse:
    user, back, now = user_of(request), _query(request), timezone.now()
    before = {work.key(row): act.reverse.now(row) for row in rows} if act.reverse and act.reverse.now else {}
    kept = runs.with_rows(typed, before=before, seen=seen)
    run = runs.begin(user, work, act=act.do, typed=kept, numbers=[work.key(row) for row in rows], query=back, now=now)
    runs.go_on(request, work, run.pk)
    return see_other(f"{work.below}bulk/{run.pk}/")


def _pick(request: HttpRequest, work: BulkRows) -> list[Picked]:
    """The rows that were selected, or all that match the filters."""
    if request.POST.get("all") == YES:
        found = work.choose(QueryDict(_query(request)), user_of(request), MOST)
    else:
        picked = [code(each) for each in request.POST.getlist("pick")]
        found = [*picked, *(code(each) for each in request.POST.get("numbers", "").split())][:MOST]
    do = code(request.POST.get("do", ""))
    user = user_of(request)
    return [Picked(row, runs.find_act(work, user, row, do, acts=work.acts(row))) for row in work.find(found)]


def _choose_common(form: ActForm, rows: Iterable[Any]) -> ActForm:
    """The form with the choices that all of these rows have."""
    others = list(rows)

    def narrow(shown: FieldShown) -> FieldShown:
        had = [{value for value, _title in shown.field.list_choices(row)} for row in others]
        return replace(shown, choices=[each for each in shown.choices if all(each[0] in values for values in had)])

    return replace(form, entries=[narrow(each) if each.is_choice else each for each in form.entries])


def _join_effects(work: BulkRows, act: DeskAct, rows: Sequence[Any]) -> str:
    """What the act does to these rows, where it isn't the same to all: of how many it does what.

    "" where it is, and where nearly each row has an effect of its own."""
    if act.effect is None:
        return ""
    work.prepare(rows)
    found = Counter(act.effect(row, {}) for row in rows)
    if not 1 < len(found) <= _MOST_EFFECTS:
        return ""
    return "\n".join(f"{work.count(number)}: {effect}" for effect, number in found.most_common())


def _mark(work: BulkRows, rows: Sequence[Any]) -> str:
    """The marks of rows in their order, as the preview sends them along."""
    marks = work.mark(rows)
    return " ".join(marks.get(work.key(row), NO_MARK) for row in rows)


def _read_seen(request: HttpRequest) -> Mapping[str, str] | None:
    """Key → mark of the rows of the preview; nothing where there was none, and None where it can't be read.

    Without marks a run would change rows that became others since."""
    keys = [code(each) for each in request.POST.get("numbers", "").split()]
    marks = [code(each) for each in request.POST.get("seen", "").split()]
    return dict(zip(keys, marks, strict=True)) if len(keys) == len(marks) else None


def _name(work: BulkRows, picked: Sequence[Picked]) -> list[NamedRow]:
    """The chosen rows, those that can't be changed first, because that is what a preview is for."""
    ordered = sorted(picked, key=lambda each: each.act is not None)[:NAMED]
    return [NamedRow(work.describe(each.row), each.act is not None) for each in ordered]


def _is_matching(request: HttpRequest) -> bool:
    """Whether all that match were chosen instead of single rows; the preview says so of those that it names."""
    return YES in (request.POST.get("all"), request.POST.get(MATCHING))


def _lead_back(work: BulkRows, filters: str, picked: Sequence[Picked], *, matching: bool) -> str:
    """The list, in which what was selected still is."""
    ticked = [(PICK, work.key(each.row)) for each in picked[:_MOST_IN_ADDRESS]]
    ticked = [(MATCHING, YES)] if matching else ticked
    found = "&".join(filter(None, (filters, urlencode(ticked))))
    return f"{work.address}?{found}" if found else work.address


def _query(request: HttpRequest) -> str:
    """The filters of the list, which its form has in its address."""
    return code(request.GET.urlencode(), most=MOST_QUERY)
