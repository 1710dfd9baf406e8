"""What an act on a request did, and that there is nothing left to undo."""

from collections.abc import Mapping

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from troth.desk.done import DoneAct, DoneNotice, PerformedAct

WITHDRAWN, WROTE, NOT_UNDONE = "portal/withdrawn", "portal/wrote", "portal/not undone"


def _tell_withdrawn(request: HttpRequest, act: PerformedAct) -> DoneNotice:
    return DoneNotice(
        sentences=(_("You withdrew this request."),),
        then=_("Nobody works on it anymore. You can ask again at any time."),
        address="/account/requests/",
        button=_("See all requests"),
    )


def _tell_wrote(request: HttpRequest, act: PerformedAct) -> DoneNotice:
    return DoneNotice(sentences=(_("We received your reply."),), then=_("We email you when we answer."))


def _tell_not_undone(request: HttpRequest, act: PerformedAct) -> DoneNotice:
    return DoneNotice(
        sentences=(_("There was nothing to undo."),),
        then=_("It changed since, or the time for it is over. Your account shows how it is now."),
    )


DONE: Mapping[str, DoneAct] = {
    WITHDRAWN: DoneAct(_tell_withdrawn),
    WROTE: DoneAct(_tell_wrote),
    NOT_UNDONE: DoneAct(_tell_not_undone),
}
