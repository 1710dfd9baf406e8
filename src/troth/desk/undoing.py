"""The next page says what an act did; its button undoes it. Rooms say how, in `Room.done`."""

from dataclasses import replace
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import timezone

from troth.collection.forms import known
from troth.desk import done, index
from troth.desk.done import DoneNotice, PerformedAct
from troth.gate import Refusal
from troth.headers import make_private

_SEE_OTHER = 303


def lead_on(request: HttpRequest, act: PerformedAct) -> HttpResponse:
    """To the page that says what the act did."""
    return make_private(HttpResponseRedirect(find_address(request, act), status=_SEE_OTHER))


def find_address(request: HttpRequest, act: PerformedAct) -> str:
    """The page of the act, with the act sealed in its address."""
    joined = "&" if "?" in act.page else "?"
    return f"{act.page}{joined}{urlencode({done.FIELD: done.seal(act, bound=known.bind_to_session(request))})}"


def find_notice(request: HttpRequest) -> DoneNotice | None:
    """What the page's address says was done in this session; nothing for visitors."""
    bound = known.bind_to_session(request)
    act = done.read(request.GET.get(done.FIELD, ""), bound=bound, at_utc=timezone.now())
    return describe(request, act, bound=bound) if act else None


def find_act(request: HttpRequest) -> PerformedAct | None:
    """The act whose button was pressed in this session."""
    return done.read(request.POST.get(done.FIELD, ""), bound=known.bind_to_session(request), at_utc=timezone.now())


def describe(request: HttpRequest, act: PerformedAct, *, bound: str) -> DoneNotice | None:
    """What the page says of the act.   Takes  bound: the session or link that may undo it"""
    kind = index.done_acts()[act.id]
    notice = kind.tell(request, act)
    if notice is None or kind.undo is None or not notice.undoable:
        return notice
    return replace(notice, undo=done.seal(act, bound=bound), until_utc=act.until_utc)


def undo(request: HttpRequest, act: PerformedAct) -> PerformedAct | None:
    """What was done instead; None if nothing can be undone any more."""
    kind = index.done_acts()[act.id]
    if kind.undo is None:
        return None
    try:
        return kind.undo(request, act)
    except Refusal:
        return None
