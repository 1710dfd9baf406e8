"""Who has a request: assigned in the console to a colleague, to oneself or to no one."""

from collections.abc import Mapping, Sequence

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from troth.cases import actions
from troth.cases.models import Case
from troth.desk.acts import undoing
from troth.desk.acts.act import DeskAct, Doing, Field
from troth.desk.done import DoneKind, DoneNotice, PerformedAct
from troth.desk.staff import ANSWER, ASSIGN, may, staff_name, user_of
from troth.security import crew
from troth.wording import Words

ASSIGNED = "requests/assigned"


def assign(doing: Doing, to: str) -> HttpResponse:
    before = doing.case.assigned_to
    actions.assign(doing.case.pk, to=to, at_utc=doing.at_utc, who=doing.who)
    return undoing.lead_on(doing, ASSIGNED, before, to)


def take_over(request: HttpRequest, case: Case) -> HttpResponse:
    """Assigns the request to the user, who answered it while nobody had it."""
    user = user_of(request)
    return assign(Doing(request, case, user, {}, timezone.now()), user.username)


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
    return undoing.answer_undone(act, to, before)


def _assign(doing: Doing) -> HttpResponse:
    return assign(doing, doing.values["to"] or doing.user.username)


def _unassign(doing: Doing) -> HttpResponse:
    return assign(doing, "")


def _colleagues(case: Case) -> Sequence[tuple[str, Words]]:
    """Those who may work on it: user name and name."""
    everybody = [user for user in crew.crew() if user.is_active]
    able = [user for user in everybody if any(may(user, act, case.purpose) for act in (ANSWER, ASSIGN))]
    return [(user.username, user.display_name or user.username) for user in able]


def _assign_back(doing: Doing) -> HttpResponse:
    return assign(doing, doing.values["to"])


def _find_assignee(case: Case) -> Mapping[str, str]:
    return {"to": case.assigned_to}


ASSIGNING = (
    DeskAct(
        do="assign",
        button=gettext_lazy("Assign"),
        run=_assign,
        fields=(
            Field(
                "to",
                gettext_lazy("Assign to"),
                choices=_colleagues,
                wrong=gettext_lazy("Choose someone who may answer it."),
                hint=gettext_lazy("Yourself, if you choose no one."),
                needed=False,
                none=gettext_lazy("Not assigned"),
            ),
        ),
        needs=ASSIGN,
        effect=lambda case, typed: _(
            "Due dates don’t change, and no one outside the team is notified. You can undo it."
        ),
        many=True,
        now=_find_assignee,
        clear=DeskAct(do="unassign", button=gettext_lazy("Assign to no one"), run=_unassign),
        reverse=undoing.make_reverse(
            "assign-back",
            gettext_lazy("Undo assignment"),
            _assign_back,
            now=_find_assignee,
            fields=("to",),
            events=("assigned",),
            shown=lambda case: case.state in Case.LIVING,
            needs=ASSIGN,
        ),
    ),
)
DONE: Mapping[str, DoneKind] = {ASSIGNED: undoing.make_done(ASSIGN, _tell_assigned, _undo_assigned)}
