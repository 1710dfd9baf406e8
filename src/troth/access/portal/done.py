"""What an act on a request did. What the customer ended opens again by a button, where a reply would open it too."""

from collections.abc import Mapping

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from troth.access.ends import CLOSED, REOPENED, WITHDRAWN, reopen
from troth.access.portal import finding
from troth.cases.thread import writing
from troth.desk.done import DoneKind, DoneNotice, PerformedAct
from troth.security.models import User

WROTE, NOT_UNDONE, NOT_THERE = "portal/wrote", "portal/not undone", "portal/not there"


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
    return DoneNotice(sentences=(_("We received your reply."),))


def _tell_not_undone(request: HttpRequest, act: PerformedAct) -> DoneNotice:
    return DoneNotice(
        sentences=(_("There was nothing to undo."),),
        then=_("It changed since, or the time for it is over. Open it again to see how it is now."),
    )


def _tell_not_there(request: HttpRequest, act: PerformedAct) -> DoneNotice:
    return DoneNotice(
        sentences=(_("There was nothing to remove."),), then=_("It’s no longer in your list of products.")
    )


def _reopen(request: HttpRequest, act: PerformedAct) -> PerformedAct | None:
    user = request.user
    found = finding.find_own(user, str(act.facts[0])) if isinstance(user, User) and act.facts else None
    return reopen(found, act) if found is not None else None


DONE: Mapping[str, DoneKind] = {
    WITHDRAWN: DoneKind(_tell_withdrawn, _reopen),
    CLOSED: DoneKind(_tell_closed, _reopen),
    REOPENED: DoneKind(_tell_reopened),
    WROTE: DoneKind(_tell_wrote),
    NOT_UNDONE: DoneKind(_tell_not_undone),
    NOT_THERE: DoneKind(_tell_not_there),
}
