"""Acts of staff on one request that the next page describes and undoes: assigned, put off, changed.

An undo takes the same step as the act, with the same checks, and only while the request is as the act left it.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from troth.cases import actions, events
from troth.cases.actions import CaseProblem
from troth.cases.models import Case
from troth.cases.thread import CaseMessage, writing
from troth.desk import done, notices
from troth.desk.acts import DeskAct, Doing
from troth.desk.done import DoneAct, DoneNotice, PerformedAct
from troth.desk.staff import ANSWER, ASSIGN, may, staff_name, user_of
from troth.headers import see_other
from troth.site import site
from troth.words.values import last_day

ASSIGNED, PUT_OFF = "requests/assigned", "requests/put off"
SENT_ON, UNSENT = "requests/sent on", "requests/unsent"
WAIT = ("waits_for", "waits_until_utc", "due_utc")
Tell = Callable[[HttpRequest, Case, PerformedAct], DoneNotice | None]
Undo = Callable[[HttpRequest, Case, PerformedAct], PerformedAct | None]


def make_done(needs: str, tell: Tell, undo: Undo | None = None) -> DoneAct:
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

    return DoneAct(tell_of, undo_of if undo else None)


def _find_case(request: HttpRequest, act: PerformedAct, needs: str) -> Case | None:
    case = Case.objects.filter(pk=UUID(str(act.facts[0]))).first()
    user = getattr(request, "user", None)
    if case is None or not getattr(user, "is_staff", False) or not may(user_of(request), needs, case.purpose):
        return None
    return case


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


def assign(doing: Doing, to: str) -> HttpResponse:
    before = doing.case.assigned_to
    actions.assign(doing.case.pk, to=to, at_utc=doing.at_utc, who=doing.who)
    return lead_on(doing, ASSIGNED, before, to)


def take_over(request: HttpRequest, case: Case) -> HttpResponse:
    """Assigns the request to the user, who answered it while nobody had it."""
    user = user_of(request)
    return assign(Doing(request, case, user, {}, timezone.now()), user.username)


def wait(doing: Doing, until: datetime, words: str) -> HttpResponse:
    case, before = doing.case, _list_wait(doing.case)
    change = {"waits_for": Case.LATER, "waits_until_utc": until}
    events.add(case, "waits", who=doing.who, at_utc=doing.at_utc, words=words, change=change)
    return lead_on(doing, PUT_OFF, before, _list_wait(case))


def resume(doing: Doing, due: datetime) -> HttpResponse:
    """It is our turn again, and due then."""
    case, before = doing.case, _list_wait(doing.case)
    change = {"waits_for": "", "waits_until_utc": None, "due_utc": due}
    events.add(case, "resumed", who=doing.who, at_utc=doing.at_utc, change=change)
    return lead_on(doing, PUT_OFF, before, _list_wait(case))


def list_wait(case: Case) -> Mapping[str, str]:
    """For whom or until when the request waits, and when it is due, as a form sends it."""
    return dict(zip(WAIT, _list_wait(case), strict=True))


def wait_as_before(doing: Doing) -> None:
    """As `list_wait` said of it."""
    _put_back(doing.case, [doing.values[name] for name in WAIT], at_utc=doing.at_utc, who=doing.who)


def send_on(doing: Doing, message: UUID, page: str, *, last: bool = False) -> HttpResponse:
    """To the page of a request, the next or the same, that says that the answer to this one leaves, and can undo it.

    Takes   last: whether the next one was asked for, and the list had none"""
    facts = (str(doing.case.pk), str(message), doing.request.path, last)
    return notices.lead_on(doing.request, PerformedAct(SENT_ON, facts, doing.at_utc, page))


def _tell_sent_on(request: HttpRequest, case: Case, act: PerformedAct) -> DoneNotice:
    _case, message, path, last = act.facts
    left = act.at_utc + writing.UNDO
    leaves = timezone.now() < left and CaseMessage.objects.filter(pk=message).exists()
    if leaves and case.events.filter(what="closing", at_utc=act.at_utc).exists():
        sentence = _("Your answer to %(number)s leaves in a few seconds and closes it.")
    elif leaves:
        sentence = _("Your answer to %(number)s leaves in a few seconds.")
    elif case.state == Case.ANSWERED:
        sentence = _("You answered %(number)s and closed it.")
    else:
        sentence = _("You answered %(number)s.")
    assigned = [_("It’s assigned to you.")] if case.assigned_to == user_of(request).username else []
    return DoneNotice(
        sentences=(sentence % {"number": case.number}, *assigned),
        then=_("It was the last one of this list to answer.") if last else "",
        address="" if _is_at(act, path) else path,
        button=_("Open it"),
        undoable=leaves,
        until_utc=left,
    )


def _undo_sent_on(request: HttpRequest, case: Case, act: PerformedAct) -> PerformedAct:
    writing.undo(UUID(act.facts[1]), at_utc=timezone.now(), who=user_of(request).who)
    return PerformedAct(UNSENT, act.facts, timezone.now(), act.page)


def _tell_unsent(request: HttpRequest, case: Case, act: PerformedAct) -> DoneNotice:
    here, path = _is_at(act, act.facts[2]), act.facts[2]
    sentence = _("Your answer to %(number)s wasn’t sent. It’s a draft.") % {"number": case.number}
    return DoneNotice(sentences=(sentence,), address="" if here else path, button=_("Open it"), undoable=False)


def _is_at(act: PerformedAct, path: str) -> bool:
    """Whether the page that tells of the act is that of the request itself."""
    return act.page.partition("?")[0] == path


def _tell_assigned(request: HttpRequest, case: Case, act: PerformedAct) -> DoneNotice:
    _case, _before, to = act.facts
    named = {"number": case.number, "name": staff_name(to)}
    sentence = _("You assigned %(number)s to %(name)s.") if to else _("%(number)s is assigned to no one.")
    return DoneNotice(sentences=(sentence % named,), undoable=case.assigned_to == to)


def _undo_assigned(request: HttpRequest, case: Case, act: PerformedAct) -> PerformedAct | None:
    _case, before, to = act.facts
    if case.assigned_to != to:
        return None
    actions.assign(case.pk, to=before, at_utc=timezone.now(), who=user_of(request).who)
    return answer_undone(act, to, before)


def _tell_put_off(request: HttpRequest, case: Case, act: PerformedAct) -> DoneNotice:
    _case, _before, after = act.facts
    if not after[0]:
        sentence = _("%(number)s no longer waits.") % {"number": case.number}
    elif after[0] != Case.LATER:
        sentence = _("%(number)s is no longer put off.") % {"number": case.number}
    else:
        until = last_day(datetime.fromisoformat(after[1]))
        sentence = _("No answer to %(number)s is due until %(until)s.") % {"number": case.number, "until": until}
    return DoneNotice(sentences=(sentence,), undoable=_is_as_left(case, after))


def _undo_put_off(request: HttpRequest, case: Case, act: PerformedAct) -> PerformedAct | None:
    _case, before, after = act.facts
    if not _is_as_left(case, after):
        return None
    _put_back(case, before, at_utc=timezone.now(), who=user_of(request).who)
    return answer_undone(act, after, before)


def read_wait(listed: Mapping[str, str]) -> Mapping[str, Any]:
    """What `list_wait` said, as the step of a request changes it."""
    waits_for, until, due = (listed[name] for name in WAIT)
    return {"waits_for": waits_for, "waits_until_utc": _read(until), "due_utc": _read(due)}


def _put_back(case: Case, before: Sequence[str], *, at_utc: datetime, who: str) -> None:
    change = read_wait(dict(zip(WAIT, before, strict=True)))
    waits_for, until = before[0], change["waits_until_utc"]
    step = "waits" if waits_for == Case.LATER else "resumed"
    words = timezone.localdate(until, site().brand.zone).isoformat() if until else ""
    events.add(case, step, who=who, at_utc=at_utc, words=words, change=change)


def _is_as_left(case: Case, after: Sequence[str]) -> bool:
    return case.state == Case.OPEN and _list_wait(case) == list(after)


def _list_wait(case: Case) -> list[str]:
    return [case.waits_for, _write(case.waits_until_utc), _write(case.due_utc)]


def _write(at_utc: datetime | None) -> str:
    return at_utc.astimezone(UTC).isoformat() if at_utc else ""


def _read(text: str) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


DONE: Mapping[str, DoneAct] = {
    ASSIGNED: make_done(ASSIGN, _tell_assigned, _undo_assigned),
    PUT_OFF: make_done(ANSWER, _tell_put_off, _undo_put_off),
    SENT_ON: make_done(ANSWER, _tell_sent_on, _undo_sent_on),
    UNSENT: make_done(ANSWER, _tell_unsent),
}
