"""The next page says what an act did, and its button undoes it. Rooms say how, in `Room.done`."""

from collections.abc import Mapping
from dataclasses import replace
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy

from troth.collection.forms import known
from troth.desk import done
from troth.desk.done import DoneKind, DoneNotice, PerformedAct
from troth.desk.turns import in_turn
from troth.gate import Refusal
from troth.headers import make_private, see_other
from troth.wording import Words

SAID = "requests/said"
UNCLEAR = gettext_lazy("We couldn’t tell what you chose, so nothing was changed. Choose again.")


def lead_on(request: HttpRequest, act: PerformedAct) -> HttpResponse:
    """To the page that says what the act did."""
    return make_private(see_other(find_address(request, act)))


def find_address(request: HttpRequest, act: PerformedAct) -> str:
    """The page of the act, with the act sealed in its address."""
    joined = "&" if "?" in act.page else "?"
    return f"{act.page}{joined}{urlencode({done.FIELD: done.seal(act, bound=known.bind_to_session(request))})}"


def say(
    request: HttpRequest, sentence: Words, *, page: str, then: Words = "", address: str = "", button: Words = ""
) -> HttpResponse:
    """To a page that says in this sentence what an act did that is not undone there.

    Takes   then: what follows from it; address: the next step, with its button"""
    facts = [str(each) for each in (sentence, then, address, button)]
    return lead_on(request, PerformedAct(SAID, facts, timezone.now(), page))


def say_unclear(request: HttpRequest, *, page: str) -> HttpResponse:
    """To a page whose button arrived without what it stands for: none of its choices is taken for granted."""
    return say(request, UNCLEAR, page=page)


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
    kind = done.kinds()[act.id]
    notice = kind.tell(request, act)
    if notice is None or kind.undo is None or not notice.undoable:
        return notice
    return replace(notice, undo=done.seal(act, bound=bound), until_utc=notice.until_utc or act.until_utc)


def undo(request: HttpRequest, act: PerformedAct) -> PerformedAct | None:
    """What was done instead; None if nothing can be undone any more."""
    kind = done.kinds()[act.id]
    if kind.undo is None:
        return None
    try:
        with in_turn(str(next(iter(act.facts), act.id))):  # of most acts, the first is the row that they changed
            return kind.undo(request, act)
    except Refusal:
        return None


def _tell_said(request: HttpRequest, act: PerformedAct) -> DoneNotice:
    """Of this session alone. It names staff at most."""
    sentence, then, address, button = act.facts
    return DoneNotice(sentences=(sentence,), then=then, address=address, button=button)


DONE: Mapping[str, DoneKind] = {SAID: DoneKind(_tell_said)}
