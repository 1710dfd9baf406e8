"""What saving choices did, and what undoes it; the same by sign-in and behind a mailed link."""

from collections.abc import Mapping
from datetime import date, datetime
from uuid import UUID

from django.http import HttpRequest
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from troth.access import viewers
from troth.access.preferences import actions, pausing, telling, words
from troth.access.preferences.models import Pause
from troth.access.viewers import Viewer
from troth.desk import index
from troth.desk.done import DoneKind, DoneNotice, PerformedAct

PAGE = "/account/preferences/"
SAVED, PAUSED, RESUMED = "preferences/saved", "preferences/paused", "preferences/resumed"
AHEAD = "preferences/ahead"


def perform_saving(saved: telling.Saved) -> PerformedAct:
    return PerformedAct(SAVED, telling.pack(saved), saved.at_utc, PAGE)


def perform_pausing(pause: Pause, *, at_utc: datetime) -> PerformedAct:
    return PerformedAct(PAUSED, [str(pause.id), pause.until_utc.isoformat(), pause.purpose], at_utc, PAGE)


def perform_resuming(until_utc: datetime, purpose: str, *, at_utc: datetime) -> PerformedAct:
    return PerformedAct(RESUMED, [until_utc.isoformat(), purpose], at_utc, PAGE)


def answer_ahead(viewer: Viewer, question: str, yes: bool | None, *, at_utc: datetime) -> PerformedAct | None:
    """The answer that waits for its version; None where the page no longer asks it, or it was the answer already."""
    asked = next((each for each in index.list_ahead(viewer.people) if each.question == question), None)
    if asked is None or asked.answer == yes:
        return None
    index.answer_ahead(viewer.people, question, yes)
    return PerformedAct(AHEAD, [asked.title, yes, asked.effective.isoformat(), question, asked.answer], at_utc, PAGE)


def undo(viewer: Viewer, act: PerformedAct, *, at_utc: datetime) -> PerformedAct | None:
    """What counts as before again; what they answered otherwise since then stays."""
    match act.id:
        case "preferences/saved":
            saved = actions.take_back(viewer, telling.unpack(act.facts, at_utc=act.at_utc), at_utc=at_utc)
            return perform_saving(saved) if saved.changes else None
        case "preferences/ahead":
            _title, _said, _day, question, former = act.facts
            return answer_ahead(viewer, question, former, at_utc=at_utc)
        case "preferences/paused":
            id, until, purpose = act.facts
            if not Pause.objects.filter(pk=id, person__in=viewer.people).exists():
                return None
            pausing.end(UUID(id), people=viewer.people, way=viewer.way, at_utc=at_utc)
            return perform_resuming(datetime.fromisoformat(until), purpose, at_utc=at_utc)
        case "preferences/resumed":
            until_utc, purpose = datetime.fromisoformat(act.facts[0]), act.facts[1]
            pause = pausing.begin(viewer.people, until_utc=until_utc, way=viewer.way, at_utc=at_utc, purpose=purpose)
            return perform_pausing(pause, at_utc=at_utc) if pause else None
    return None


def _tell_saved(request: HttpRequest, act: PerformedAct) -> DoneNotice:
    saved = telling.unpack(act.facts, at_utc=act.at_utc)
    if saved.asked and not saved.changes:
        return DoneNotice(sentences=words.describe_changes(saved), undoable=False)
    if not saved.changes:
        none = _("Nothing was changed. These were already your choices.")
        return DoneNotice(sentences=(none,), undoable=False)
    then = _(
        "It applies to every use from now on, including emails that are waiting to be sent. "
        "You can see it in your history."
    )
    then = " ".join((then, *words.describe_undo(actions.list_unanswered(saved))))
    undoable = actions.can_take_back(saved)
    return DoneNotice(sentences=words.describe_changes(saved), then=then, kept=True, undoable=undoable)


def _tell_ahead(request: HttpRequest, act: PerformedAct) -> DoneNotice:
    title, yes, day = act.facts[:3]
    if yes is None:
        return DoneNotice(sentences=(_("You took back your answer about “%(title)s”.") % {"title": title},))
    said = _("You allowed “%(title)s” from %(day)s.") if yes else _("You declined “%(title)s” from %(day)s.")
    facts = {"title": title, "day": date_format(date.fromisoformat(day), _("M j, Y"))}
    then = _("Until then nothing changes, and you can change your answer here.")
    return DoneNotice(sentences=(said % facts,), then=then, kept=True)


def _tell_paused(request: HttpRequest, act: PerformedAct) -> DoneNotice:
    until = date_format(timezone.localtime(datetime.fromisoformat(act.facts[1])), _("M j, Y"))
    return DoneNotice(
        sentences=(words.describe_pause(act.facts[2], until),),
        then=_("After that, your choices go back to what they were."),
        kept=True,
    )


def _tell_resumed(request: HttpRequest, act: PerformedAct) -> DoneNotice:
    return DoneNotice(
        sentences=(gettext_lazy("You ended the pause."),),
        then=_("Your choices are what they were before it."),
        kept=True,
    )


def _undo_own(request: HttpRequest, act: PerformedAct) -> PerformedAct | None:
    viewer = viewers.find_viewer(request)
    return undo(viewer, act, at_utc=timezone.now()) if viewer else None


DONE: Mapping[str, DoneKind] = {
    SAVED: DoneKind(_tell_saved, _undo_own),
    AHEAD: DoneKind(_tell_ahead, _undo_own),
    PAUSED: DoneKind(_tell_paused, _undo_own),
    RESUMED: DoneKind(_tell_resumed, _undo_own),
}
