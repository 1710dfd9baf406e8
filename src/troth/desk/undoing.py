"""The next page says what an act did; its button undoes it. Rooms say how, in `Room.done`."""

from dataclasses import replace

from django.http import HttpRequest
from django.utils import timezone

from troth.collection.forms import known
from troth.desk import done, index
from troth.desk.done import DoneNotice, PerformedAct
from troth.desk.leading import find_address as find_address
from troth.desk.leading import lead_on as lead_on
from troth.desk.turns import in_turn
from troth.gate import Refusal


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
    return replace(notice, undo=done.seal(act, bound=bound), until_utc=notice.until_utc or act.until_utc)


def undo(request: HttpRequest, act: PerformedAct) -> PerformedAct | None:
    """What was done instead; None if nothing can be undone any more."""
    kind = index.done_acts()[act.id]
    if kind.undo is None:
        return None
    try:
        with in_turn(str(next(iter(act.facts), act.id))):  # of most acts, the first is the row that they changed
            return kind.undo(request, act)
    except Refusal:
        return None
