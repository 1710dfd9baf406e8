"""Internal notes in the console. Who wrote one can delete it for an hour: alone, or with all of a run."""

from collections.abc import Mapping
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from troth.cases import actions
from troth.cases.models import Case
from troth.desk.acts import undoing
from troth.desk.acts.act import BEGUN, ENDED, DeskAct, Doing, Field
from troth.desk.done import DoneKind, DoneNotice, PerformedAct
from troth.desk.staff import ANSWER, user_of

NOTED, DELETED = "requests/noted", "requests/note deleted"
NO_DATA = gettext_lazy("Don’t include personal data.")


def _note(doing: Doing) -> HttpResponse:
    actions.note(doing.case.pk, words=doing.values["words"], at_utc=doing.at_utc, who=doing.who)
    added = doing.case.events.filter(what="note", who=doing.who).values_list("pk", flat=True)
    return undoing.lead_on(doing, NOTED, str(added.order_by("-at_utc", "-id")[0]))


def _delete_of_run(doing: Doing) -> None:
    """The user's notes that the run added to this request."""
    begun, ended = undoing.read_times(doing)
    added = doing.case.events.filter(what="note", who=doing.who, at_utc__range=(begun, ended))
    for note in added.values_list("pk", flat=True):
        actions.delete_note(note, who=doing.who)


def _find_noted(case: Case) -> Mapping[str, str]:
    """Nothing that another run would have to set."""
    return {}


def _tell_noted(request: HttpRequest, case: Case, act: PerformedAct) -> DoneNotice:
    sentence = _("You added a note to %(number)s.") % {"number": case.number}
    return DoneNotice(sentences=(sentence,), undoable=case.events.filter(pk=UUID(act.facts[1])).exists())


def _undo_noted(request: HttpRequest, case: Case, act: PerformedAct) -> PerformedAct | None:
    if not actions.delete_note(UUID(act.facts[1]), who=user_of(request).who):
        return None
    return PerformedAct(DELETED, (act.facts[0],), timezone.now(), act.page)


def _tell_deleted(request: HttpRequest, case: Case, act: PerformedAct) -> DoneNotice:
    return DoneNotice(sentences=(_("Your note on %(number)s is deleted.") % {"number": case.number},))


NOTING = (
    DeskAct(
        do="note",
        button=gettext_lazy("Add internal note"),
        run=_note,
        fields=(Field("words", gettext_lazy("Note"), hint=NO_DATA),),
        shown=lambda case: True,
        effect=lambda case, typed: _("Only staff can read it. It is never sent, and you can undo it."),
        many=True,
        talk=True,
        reverse=DeskAct(
            do="note-back",
            button=gettext_lazy("Delete notes"),
            run=_delete_of_run,
            fields=(Field(BEGUN, BEGUN), Field(ENDED, ENDED)),
            shown=lambda case: True,
            now=_find_noted,
            many=True,
        ),
    ),
)
DONE: Mapping[str, DoneKind] = {
    NOTED: undoing.make_done(ANSWER, _tell_noted, _undo_noted),
    DELETED: undoing.make_done(ANSWER, _tell_deleted),
}
