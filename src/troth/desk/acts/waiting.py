"""A request on which nothing is due until a day: put off in the console, and taken up again."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from troth.cases import events
from troth.cases.actions import CaseProblem
from troth.cases.kinds import kind_of
from troth.cases.models import Case
from troth.cases.thread import merging
from troth.desk.acts import undoing
from troth.desk.acts.act import DATE, DeskAct, Doing, Field
from troth.desk.done import DoneKind, DoneNotice, PerformedAct
from troth.desk.staff import ANSWER, user_of
from troth.site import site
from troth.text import code
from troth.words.values import last_day

PUT_OFF = "requests/put off"
WAIT = ("waits_for", "waits_until_utc", "due_utc")
_LONGEST = timedelta(days=366)


def list_wait(case: Case) -> Mapping[str, str]:
    """For whom or until when the request waits, and when it is due, as a form sends it."""
    return dict(zip(WAIT, _list_wait(case), strict=True))


def read_wait(listed: Mapping[str, str]) -> Mapping[str, Any]:
    """What `list_wait` said, as the step of a request changes it."""
    waits_for, until, due = (listed[name] for name in WAIT)
    return {"waits_for": waits_for, "waits_until_utc": _read(until), "due_utc": _read(due)}


def read_day(text: str, at_utc: datetime, *, field: str = "until") -> datetime:
    """The morning of a day.   Raises  CaseProblem, with the field."""
    try:
        day = parse_date(code(text, most=10)) if text else None
    except ValueError:  # such as the 31st of February
        day = None
    if day is None:
        raise CaseProblem(_("Enter a date as year, month and day, such as 2026-11-30."), field)
    until = datetime(day.year, day.month, day.day, 8, tzinfo=site().brand.zone)
    if not at_utc < until < at_utc + _LONGEST:
        raise CaseProblem(_("Choose a later date, not too far ahead."), field)
    return until


def _wait(doing: Doing) -> HttpResponse:
    """No answer is due until the morning of a day."""
    case, before, until = doing.case, _list_wait(doing.case), read_day(doing.values["until"], doing.at_utc)
    change = {"waits_for": Case.LATER, "waits_until_utc": until}
    events.add(case, "waits", who=doing.who, at_utc=doing.at_utc, words=doing.values["until"], change=change)
    return undoing.lead_on(doing, PUT_OFF, before, _list_wait(case))


def _resume(doing: Doing) -> HttpResponse:
    """It is our turn again, and due as if it had come now."""
    case, before = doing.case, _list_wait(doing.case)
    due = kind_of(case).clock(doing.at_utc).due_utc
    change = {"waits_for": "", "waits_until_utc": None, "due_utc": due}
    events.add(case, "resumed", who=doing.who, at_utc=doing.at_utc, change=change)
    return undoing.lead_on(doing, PUT_OFF, before, _list_wait(case))


def _find_wait(case: Case) -> Mapping[str, str]:
    until = case.waits_until_utc if case.waits_for == Case.LATER else None
    return {"until": timezone.localdate(until, site().brand.zone).isoformat() if until else ""}


def _wait_as_before(doing: Doing) -> None:
    """As `list_wait` said of it."""
    _put_back(doing.case, [doing.values[name] for name in WAIT], at_utc=doing.at_utc, who=doing.who)


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
    return undoing.answer_undone(act, after, before)


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


_UNTIL = Field(
    "until",
    gettext_lazy("Wait until"),
    least=8,
    most=10,
    wrong=gettext_lazy("Enter a date as year, month and day, such as 2026-11-30."),
    look=DATE,
)
_RESUME = DeskAct(
    do="resume",
    button=gettext_lazy("Stop waiting"),
    run=_resume,
    fits=merging.has_our_clock,
    shown=lambda case: case.state == Case.OPEN and bool(case.waits_for),
)
WAITING = (
    DeskAct(
        do="wait",
        button=gettext_lazy("Wait until a date"),
        run=_wait,
        fields=(_UNTIL,),
        fits=merging.has_our_clock,
        shown=lambda case: case.state == Case.OPEN,
        effect=lambda case, typed: _("No answer is due until that morning. A message from the person ends the wait."),
        many=True,
        suits=lambda kind: kind.talks and kind.finish is not None,  # all others have a law’s clock
        now=_find_wait,
        clear=_RESUME,
        reverse=undoing.make_reverse(
            "wait-back",
            gettext_lazy("Undo waiting until a date"),
            _wait_as_before,
            now=list_wait,
            fields=WAIT,
            events=("waits", "resumed", "wrote", "replied", "reopened"),
            shown=lambda case: case.state == Case.OPEN,
        ),
    ),
    _RESUME,
)
DONE: Mapping[str, DoneKind] = {PUT_OFF: undoing.make_done(ANSWER, _tell_put_off, _undo_put_off)}
