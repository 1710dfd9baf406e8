"""Merging and splitting in the console: the next page says what was done, leads to the other request, and undoes it.

A merge is undone by taking out again what it brought; a split, by merging the new request back.
"""

import dataclasses
from collections.abc import Mapping

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from troth.cases.models import Case
from troth.cases.thread import merging
from troth.desk.acts import undoing
from troth.desk.acts.act import LINE, DeskAct, Doing, Field
from troth.desk.done import DoneKind, DoneNotice, PerformedAct
from troth.desk.staff import ANSWER, user_of
from troth.text import read_id

MERGED, PARTED = "requests/merged", "requests/parted"


def _merge(doing: Doing) -> HttpResponse:
    target = merging.merge(doing.case.pk, doing.values["number"].strip(), at_utc=doing.at_utc, who=doing.who)
    return undoing.lead_on(doing, MERGED, target.number)


def _describe_merge(case: Case, typed: Mapping[str, str]) -> str:
    return _(
        "Its messages continue in the other request, and so does each answer to it. "
        "The person sees that on both pages. You can undo it."
    )


def _unmerge(doing: Doing) -> None:
    merging.unmerge(doing.case.pk, at_utc=doing.at_utc, who=doing.who)


def _split(doing: Doing) -> HttpResponse:
    parts = [id for each in doing.request.POST.getlist("parts") if (id := read_id(each))]
    new = merging.split(doing.case.pk, parts, at_utc=doing.at_utc, who=doing.who)
    return undoing.lead_on(doing, PARTED, new.number)


def _tell_merged(request: HttpRequest, case: Case, act: PerformedAct) -> DoneNotice:
    number = str(act.facts[1])
    if not number:
        return DoneNotice(sentences=(_("%(number)s is a request of its own again.") % {"number": case.number},))
    sentence = _("%(number)s was merged. It continues as %(other)s.") % {"number": case.number, "other": number}
    undoable = merging.was_merged(case) and case.joined == number
    return _lead_to(act, number, DoneNotice(sentences=(sentence,), undoable=undoable))


def _undo_merged(request: HttpRequest, case: Case, act: PerformedAct) -> PerformedAct | None:
    if case.joined != act.facts[1]:
        return None
    merging.unmerge(case.pk, at_utc=timezone.now(), who=user_of(request).who)
    return undoing.answer_undone(act, "")


def _tell_parted(request: HttpRequest, case: Case, act: PerformedAct) -> DoneNotice | None:
    number = str(act.facts[1])
    new = Case.objects.filter(number=number).first()
    if new is None:
        return None
    sentence = _("You moved messages of %(number)s to %(new)s, a new request.")
    notice = DoneNotice(sentences=(sentence % {"number": case.number, "new": number},), undoable=merging.can_merge(new))
    return _lead_to(act, number, notice)


def _undo_parted(request: HttpRequest, case: Case, act: PerformedAct) -> PerformedAct | None:
    new = Case.objects.filter(number=act.facts[1]).first()
    if new is None:
        return None
    merging.merge(new.pk, case.number, at_utc=timezone.now(), who=user_of(request).who)
    return PerformedAct(MERGED, (str(new.pk), case.number), timezone.now(), act.page)


def _lead_to(act: PerformedAct, number: str, notice: DoneNotice) -> DoneNotice:
    """With the way to the other request, which is in the same list."""
    here = act.page.partition("?")[0].rstrip("/").rpartition("/")[0]
    return dataclasses.replace(notice, address=f"{here}/{number}/", button=_("Open %(number)s") % {"number": number})


JOINING = (
    DeskAct(
        do="merge",
        button=gettext_lazy("Merge into another request"),
        run=_merge,
        fields=(
            Field(
                "number",
                gettext_lazy("Number of the request as which it continues"),
                least=5,
                most=30,
                wrong=gettext_lazy("Enter the number of another request in this list."),
                look=LINE,
            ),
        ),
        fits=merging.has_our_clock,
        shown=merging.can_merge,
        effect=_describe_merge,
    ),
    DeskAct(
        do="unmerge",
        told=gettext_lazy("%(number)s is a request of its own again."),
        button=gettext_lazy("Undo merge"),
        run=_unmerge,
        fits=merging.has_our_clock,
        shown=merging.was_merged,
    ),
    DeskAct(
        do="split",
        button=gettext_lazy("Move to a new request"),
        run=_split,
        own=True,
        shown=merging.can_split,
    ),
)
DONE: Mapping[str, DoneKind] = {
    MERGED: undoing.make_done(ANSWER, _tell_merged, _undo_merged),
    PARTED: undoing.make_done(ANSWER, _tell_parted, _undo_parted),
}
