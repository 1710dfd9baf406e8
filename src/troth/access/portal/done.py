"""What an act on a request did. What the customer ended opens again by a button, where a reply would open it too."""

from collections.abc import Mapping
from datetime import datetime

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from troth.access.portal import finding
from troth.cases.models import Case
from troth.cases.thread import writing
from troth.desk.done import DoneAct, DoneNotice, PerformedAct
from troth.security.models import User

WITHDRAWN, WROTE, NOT_UNDONE = "portal/withdrawn", "portal/wrote", "portal/not undone"
CLOSED, REOPENED = "portal/closed", "portal/reopened"


def perform_end(act: str, before: Case, *, at_utc: datetime, page: str) -> PerformedAct:
    """The customer's end of a request.   Takes  before: the request as it was until then"""
    until = before.waits_until_utc
    facts = (before.number, before.due_utc.isoformat(), before.waits_for, until.isoformat() if until else "")
    return PerformedAct(act, facts, at_utc, page)


def _tell_withdrawn(request: HttpRequest, act: PerformedAct) -> DoneNotice:
    sentence = _("You withdrew this request.")
    found = finding.find_numbered(str(act.facts[0])) if act.facts else None
    if found is not None and writing.reopens(found):
        return DoneNotice(sentences=(sentence,), then=_("We no longer work on it."))
    then = _("We no longer work on it. You can ask again at any time.")
    return DoneNotice(
        sentences=(sentence,),
        then=then,
        address="/account/requests/",
        button=_("See all requests"),
        undoable=False,
    )


def _tell_closed(request: HttpRequest, act: PerformedAct) -> DoneNotice:
    return DoneNotice(sentences=(_("You closed this request."),), then=_("A reply opens it again, too."))


def _tell_reopened(request: HttpRequest, act: PerformedAct) -> DoneNotice:
    return DoneNotice(sentences=(_("This request is open again."),), then=_("It is with us as before."))


def _tell_wrote(request: HttpRequest, act: PerformedAct) -> DoneNotice:
    return DoneNotice(sentences=(_("We received your reply."),), then=_("We email you when we answer."))


def _tell_not_undone(request: HttpRequest, act: PerformedAct) -> DoneNotice:
    return DoneNotice(
        sentences=(_("There was nothing to undo."),),
        then=_("It changed since, or the time for it is over. Your account shows how it is now."),
    )


def reopen(case: Case, act: PerformedAct) -> PerformedAct | None:
    """Opens the request that this act ended; None where it changed since.   Takes  case: which they may act on"""
    number, due, waits_for, until = act.facts
    reopened = number == case.number and writing.reopen(
        case.pk,
        ended=Case.ANSWERED if act.id == CLOSED else Case.WITHDRAWN,
        due_utc=datetime.fromisoformat(due),
        waits_for=waits_for,
        waits_until_utc=datetime.fromisoformat(until) if until else None,
        at_utc=timezone.now(),
    )
    return PerformedAct(REOPENED, (), timezone.now(), act.page) if reopened else None


def _reopen(request: HttpRequest, act: PerformedAct) -> PerformedAct | None:
    user = request.user
    found = finding.find_own(user, str(act.facts[0])) if isinstance(user, User) and act.facts else None
    return reopen(found, act) if found is not None else None


DONE: Mapping[str, DoneAct] = {
    WITHDRAWN: DoneAct(_tell_withdrawn, _reopen),
    CLOSED: DoneAct(_tell_closed, _reopen),
    REOPENED: DoneAct(_tell_reopened),
    WROTE: DoneAct(_tell_wrote),
    NOT_UNDONE: DoneAct(_tell_not_undone),
}
