"""What the next page says of an act on one request, how that is undone, and how a run of acts is.

    DONE = {ASSIGNED: make_done(ASSIGN, _tell_assigned, _undo_assigned)}                     of one request
    DeskAct(do="assign", …, now=_find, reverse=make_reverse("assign-back", _("Undo"), _set_back, …))    of a run

An undo takes the same step as the act, with the same checks, and only while the request is as the act left it. A run
keeps what `now` said of each row before it began: what undoes it gets that as the values of its form.
"""

from collections.abc import Callable, Collection, Mapping
from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from troth.cases.actions import CaseProblem
from troth.cases.models import Case, CaseEvent
from troth.desk import done, notices
from troth.desk.acts.act import BEGUN, ENDED, DeskAct, Doing, Field
from troth.desk.done import DoneKind, DoneNotice, PerformedAct
from troth.desk.staff import may, user_of
from troth.headers import see_other
from troth.wording import Words

Tell = Callable[[HttpRequest, Case, PerformedAct], DoneNotice | None]
Undo = Callable[[HttpRequest, Case, PerformedAct], PerformedAct | None]


def make_done(needs: str, tell: Tell, undo: Undo | None = None) -> DoneKind:
    """How an act on one request is described and undone, for who may still do such a thing with it.

    Takes   undo: None, or a CaseProblem, where the request isn't as the act left it"""

    def tell_of(request: HttpRequest, act: PerformedAct) -> DoneNotice | None:
        case = _find_case(request, act, needs)
        return tell(request, case, act) if case else None

    def undo_of(request: HttpRequest, act: PerformedAct) -> PerformedAct | None:
        case = _find_case(request, act, needs)
        try:
            return undo(request, case, act) if case and undo else None
        except CaseProblem:
            return None

    return DoneKind(tell_of, undo_of if undo else None)


def lead_on(doing: Doing, act: str, *facts: Any) -> HttpResponse:
    """The page again, which says what was done to this request. `facts`: what the act has changed."""
    did = PerformedAct(act, (str(doing.case.pk), *facts), doing.at_utc, find_page(doing.request))
    if doing.at_once is None:
        return notices.lead_on(doing.request, did)
    doing.at_once.append(did)
    return HttpResponse()


def lead_back(request: HttpRequest, case: Case, act: DeskAct) -> HttpResponse:
    """The page again after an act that is not undone here, with what it did in a sentence if it has one."""
    if not act.told:
        return see_other(find_page(request))
    then = act.then(case) if act.then else ""
    return notices.say(request, str(act.told) % {"number": case.number}, then=then, page=find_page(request))


def find_page(request: HttpRequest) -> str:
    """The page that was acted on, without what an earlier act left in its address."""
    path, _mark, query = request.get_full_path().partition("?")
    kept = [each for each in query.split("&") if each and not each.startswith(f"{done.FIELD}=")]
    return f"{path}?{'&'.join(kept)}" if kept else path


def answer_undone(act: PerformedAct, *facts: Any) -> PerformedAct:
    """What the undo did, as an act of the same kind."""
    return PerformedAct(act.id, (act.facts[0], *facts), timezone.now(), act.page)


def make_reverse(
    do: str,
    button: Words,
    set_back: Callable[[Doing], Any],
    *,
    now: Callable[[Any], Mapping[str, str]],
    fields: Collection[str],
    events: Collection[str],
    shown: Callable[[Any], bool],
    needs: str = "",
) -> DeskAct:
    """The act that undoes a run for one of its rows.

    Takes   set_back: what does it, with what the row had before; now: what that is, by these `fields`;
            events: of the steps that change it"""
    return DeskAct(
        do=do,
        button=button,
        run=partial(_reverse, set_back=set_back, events=events),
        fields=(Field(BEGUN, BEGUN), Field(ENDED, ENDED), *(Field(name, name, least=0) for name in fields)),
        shown=shown,
        needs=needs,
        now=now,
        many=True,
    )


def read_times(doing: Doing) -> tuple[datetime, datetime]:
    """When the run that is undone began and ended.   Raises  CaseProblem: it was none."""
    begun, ended = (parse_datetime(doing.values[each]) for each in (BEGUN, ENDED))
    if begun is None or ended is None:
        raise CaseProblem(_("There was nothing to undo."))
    return begun, ended


def _find_case(request: HttpRequest, act: PerformedAct, needs: str) -> Case | None:
    case = Case.objects.filter(pk=UUID(str(act.facts[0]))).first()
    user = getattr(request, "user", None)
    if case is None or not getattr(user, "is_staff", False) or not may(user_of(request), needs, case.purpose):
        return None
    return case


def _reverse(doing: Doing, *, set_back: Callable[[Doing], Any], events: Collection[str]) -> None:
    """Raises  CaseProblem: it is not as the run left it."""
    begun, ended = read_times(doing)
    since = CaseEvent.objects.filter(case=doing.case.pk, what__in=events, at_utc__gte=begun)
    steps = list(since.values_list("who", "at_utc"))
    if not steps:
        return  # the run changed nothing: it was so already
    if len(steps) > 1 or steps[0][0] != doing.who or steps[0][1] > ended:
        raise CaseProblem(_("It was changed again since, and stays as it is."))
    set_back(doing)
