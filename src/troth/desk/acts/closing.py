"""Closing a request in the console, and opening it again as it was, where closing it sent no email.

Of what was emailed nothing is undone: such a request is opened again by an act of its own.
"""

from collections.abc import Mapping
from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from troth.cases import events
from troth.cases.actions import CaseProblem
from troth.cases.emails import can_write
from troth.cases.kinds import CaseKind, kind_of
from troth.cases.models import Case
from troth.desk.acts import undoing, waiting
from troth.desk.acts.act import DeskAct, Doing
from troth.desk.done import DoneKind, DoneNotice, PerformedAct
from troth.desk.staff import ANSWER, user_of

CLOSED, OPENED = "requests/closed", "requests/opened again"
BEFORE = (*waiting.WAIT, "alarm")


def _is_silent(case: Case) -> bool:
    """Whether closing it sends nothing, and it can be opened again."""
    kind = kind_of(case)
    return kind.finish is not None and kind.reopens and "answered" not in kind.emails


def _is_for_many(kind: CaseKind[object]) -> bool:
    """Whether several are closed at once: those of customers. Procedures of the staff end one by one."""
    return kind.finish is not None and not kind.internal


def _finish(doing: Doing) -> None:
    finish = kind_of(doing.case).finish
    assert finish is not None  # the act fits only kinds that have one
    finish(doing.case, who=doing.who, at_utc=doing.at_utc)


def _close(doing: Doing) -> HttpResponse:
    before = _find_before(doing.case)
    _finish(doing)
    return undoing.lead_on(doing, CLOSED, before)


def _find_before(case: Case) -> Mapping[str, str]:
    return {**waiting.list_wait(case), "alarm": case.alarm}


def _set_back(doing: Doing) -> None:
    _open_again(doing.case, doing.values, at_utc=doing.at_utc, who=doing.who)


def _open_again(case: Case, before: Mapping[str, str], *, at_utc: datetime, who: str) -> None:
    change = {"nature": "", "alarm": before["alarm"], **waiting.read_wait(before)}
    events.add(case, "reopened", who=who, at_utc=at_utc, change=change)


def _tell_closed(request: HttpRequest, case: Case, act: PerformedAct) -> DoneNotice:
    sentence = _("You closed %(number)s.") % {"number": case.number}
    return DoneNotice(sentences=(sentence,), undoable=_is_as_left(case, act))


def _is_as_left(case: Case, act: PerformedAct) -> bool:
    """Whether nobody has opened it again since."""
    return case.state == Case.ANSWERED and case.answered_utc is not None and case.answered_utc <= act.at_utc


def _undo_closed(request: HttpRequest, case: Case, act: PerformedAct) -> PerformedAct | None:
    _case, before = act.facts
    if not _is_as_left(case, act):
        return None
    _open_again(case, before, at_utc=timezone.now(), who=user_of(request).who)
    return PerformedAct(OPENED, (act.facts[0],), timezone.now(), act.page)


def _tell_opened(request: HttpRequest, case: Case, act: PerformedAct) -> DoneNotice:
    return DoneNotice(sentences=(_("%(number)s is open again.") % {"number": case.number},))


def _closes_silently(case: Case, typed: Mapping[str, str]) -> str:
    return _(
        "This closes the request without an email: answer first, in the messages, from your own mailbox or by phone. "
        "The person sees in their history that you answered it. You can undo it, and their reply opens it again."
    )


def _closes(case: Case, typed: Mapping[str, str]) -> str:
    """The effect where it can't be undone."""
    if kind_of(case).internal:
        return _("This closes the request. You can’t reopen it.")
    if not can_write(case):
        return _("This closes the request. No email goes out: we can’t use the person’s address.")
    return _("This closes the request, and we email the person that it’s closed. Their reply opens it again.")


def _check_steps(doing: Doing) -> None:
    """Raises CaseProblem: steps are missing."""
    missing = kind_of(doing.case).missing
    if missing is not None and (sentence := missing(doing.case)):
        raise CaseProblem(sentence)


def _reopen(doing: Doing) -> None:
    due = kind_of(doing.case).clock(doing.at_utc).due_utc
    events.add(doing.case, "reopened", who=doing.who, at_utc=doing.at_utc, change={"nature": "", "due_utc": due})


CLOSING = (
    DeskAct(
        do="answer",
        button=gettext_lazy("Mark as answered"),
        run=_close,
        fits=_is_silent,
        shown=lambda case: case.state == Case.OPEN,
        effect=_closes_silently,
        main=True,
        many=True,
        suits=_is_for_many,
        reverse=undoing.make_reverse(
            "answer-back",
            gettext_lazy("Open again"),
            _set_back,
            now=_find_before,
            fields=BEFORE,
            events=("answered", "reopened", "wrote", "merged"),
            shown=lambda case: case.state == Case.ANSWERED,
        ),
    ),
    DeskAct(
        do="answer",
        told=gettext_lazy("You closed %(number)s."),
        button=gettext_lazy("Mark as answered"),
        titled=lambda case: kind_of(case).closing,
        run=_finish,
        fits=lambda case: kind_of(case).finish is not None and not _is_silent(case),
        shown=lambda case: case.state == Case.OPEN,
        effect=_closes,
        once=True,
        check=_check_steps,
        main=True,
        many=True,
        suits=_is_for_many,
    ),
)
REOPENING = (
    DeskAct(
        do="reopen",
        told=gettext_lazy("You opened %(number)s again."),
        button=gettext_lazy("Open again"),
        run=_reopen,
        fits=lambda case: kind_of(case).reopens and case.nature not in (Case.ERASED, Case.JOINED),
        shown=lambda case: case.state in (Case.ANSWERED, Case.WITHDRAWN),
    ),
)
DONE: Mapping[str, DoneKind] = {
    CLOSED: undoing.make_done(ANSWER, _tell_closed, _undo_closed),
    OPENED: undoing.make_done(ANSWER, _tell_opened),
}
