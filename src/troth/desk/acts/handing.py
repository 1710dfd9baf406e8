"""A request that a colleague has: who asks for it, and handing it over with what was written so far."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from troth.cases import actions
from troth.cases.actions import CaseProblem
from troth.cases.models import Case
from troth.cases.thread import drafts
from troth.desk.acts import assigning, undoing
from troth.desk.acts.act import DeskAct, Doing
from troth.desk.done import DoneKind, DoneNotice, PerformedAct
from troth.desk.staff import ASSIGN, may, name_asking, staff_name, user_of
from troth.security.actors import find_username, identify_staff
from troth.security.models import User

HANDED = "requests/handed over"


@dataclass(frozen=True)
class HeldRequest:
    """Who else works on a request, and who asks for it.

    holder    who has it, if that is someone else
    writers   who is writing an answer, and since when
    may_ask   whether the user may ask for it now
    asked_by  who asks for it; `by_user` if that is who looks
    may_give  whether the user has it, or is writing about it, so that they may hand it over"""

    holder: str
    writers: Sequence[tuple[str, datetime]]
    may_ask: bool
    asked_by: str
    by_user: bool
    may_give: bool


def describe(case: Case, user: User) -> HeldRequest:
    """As this member of staff sees it.   Cost  1 query, and 1 for each name"""
    writers = dict(drafts.list_writers(case.pk))
    drafted = writers.pop(user.who, None) is not None
    is_anothers = case.assigned_to not in ("", user.username)
    living = case.state in Case.LIVING and may(user, ASSIGN, case.purpose)
    by_user = case.asked_by == user.username
    return HeldRequest(
        holder=staff_name(case.assigned_to) if is_anothers else "",
        writers=[(staff_name(find_username(who)), since) for who, since in writers.items()],
        may_ask=living and not by_user and bool(is_anothers or writers),
        asked_by=name_asking(case),
        by_user=by_user,
        may_give=living and not by_user and (case.assigned_to == user.username or drafted),
    )


def _ask(doing: Doing) -> None:
    actions.ask_for(doing.case.pk, at_utc=doing.at_utc, who=doing.who)


def _give(doing: Doing) -> HttpResponse:
    to = doing.case.asked_by
    if not to or to == doing.user.username:
        raise CaseProblem(_("No one asks for this request any more."))
    before = doing.case.assigned_to
    actions.assign(doing.case.pk, to=to, at_utc=doing.at_utc, who=doing.who)
    length = drafts.give(doing.case.pk, doing.who, to=identify_staff(to), at_utc=doing.at_utc)
    return undoing.lead_on(doing, HANDED, before, to, length)


def _is_as_left(case: Case, act: PerformedAct) -> bool:
    _case, _before, to, length = act.facts
    as_given = drafts.is_as_given(case.pk, identify_staff(to), given_utc=act.at_utc, length=length)
    return case.state in Case.LIVING and case.assigned_to == to and as_given


def _tell_handed(request: HttpRequest, case: Case, act: PerformedAct) -> DoneNotice:
    said = {"number": case.number, "name": staff_name(act.facts[2])}
    sentence = _("You handed %(number)s over to %(name)s.") % said
    return DoneNotice(sentences=(sentence,), undoable=_is_as_left(case, act))


def _undo_handed(request: HttpRequest, case: Case, act: PerformedAct) -> PerformedAct | None:
    """None once the colleague has gone on with it."""
    _case, before, to, length = act.facts
    if not _is_as_left(case, act):
        return None
    now, who = timezone.now(), user_of(request).who
    with transaction.atomic():
        actions.assign(case.pk, to=before, at_utc=now, who=who)
        drafts.give_back(case.pk, identify_staff(to), to=who, length=length, at_utc=now)
    return PerformedAct(assigning.ASSIGNED, (act.facts[0], to, before), now, act.page)


def _keep(doing: Doing) -> None:
    actions.keep(doing.case.pk, at_utc=doing.at_utc, who=doing.who)


HANDING = (
    DeskAct(
        do="ask",
        told=gettext_lazy("You asked your colleague to hand %(number)s over to you."),
        button=gettext_lazy("Ask to hand it over"),
        run=_ask,
        own=True,
        needs=ASSIGN,
    ),
    DeskAct(do="give", button=gettext_lazy("Hand it over"), run=_give, own=True, needs=ASSIGN),
    DeskAct(
        do="keep-it",
        told=gettext_lazy("You keep %(number)s."),
        button=gettext_lazy("Keep it"),
        run=_keep,
        own=True,
        needs=ASSIGN,
    ),
)
DONE: Mapping[str, DoneKind] = {HANDED: undoing.make_done(ASSIGN, _tell_handed, _undo_handed)}
