"""Assignee, product, priority and wait of a request as one form beside its conversation, with one button.

a field that differs from what the page showed → the act that changes it, as it is done alone
the next page                                  → says each in its sentence, and undoes all or none of them
"""

import dataclasses
from collections.abc import Mapping, Sequence
from functools import partial

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from troth.cases.actions import CaseProblem
from troth.cases.models import Case
from troth.desk import done
from troth.desk.acts import undoing
from troth.desk.acts.act import WAS, ActResult, DeskAct, Doing
from troth.desk.acts.form import ActForm, FieldShown, form_of
from troth.desk.done import DoneKind, DoneNotice, PerformedAct
from troth.desk.staff import ANSWER, may, user_of
from troth.text import CannotRead, line

SAVE, SAVED = "properties", "requests/properties"
_MOST_SHOWN = 500
_FEWEST = 2
"""Acts, for which a common form is worth it."""


@dataclasses.dataclass(frozen=True)
class PropertyField:
    """One field of the form. `was`: what it says of the request now, `was_name` what that is sent as."""

    shown: FieldShown
    was: str

    @property
    def was_name(self) -> str:
        return WAS + self.shown.field.name


def make_act(acts: Sequence[DeskAct]) -> DeskAct:
    """The act of that form, for a request that has these acts."""
    parts = [each for each in acts if each.now and not each.alone]
    return DeskAct(do=SAVE, button=gettext_lazy("Save changes"), run=partial(_save, parts=parts), own=True)


def divide(
    request: HttpRequest, case: Case, forms: Sequence[ActForm], result: ActResult | None
) -> tuple[list[PropertyField], list[ActForm]]:
    """The fields of that form, and the acts that are left; no field of a request that would have one act of them."""
    parts = [form for form in forms if form.act.now and not (form.act.alone or form.open)]
    if len(parts) < _FEWEST or not may(user_of(request), ANSWER, case.purpose):
        return [], list(forms)
    mine = result if result is not None and result.act.do == SAVE else None
    parts.sort(key=lambda form: not form.act.needs)  # who has it comes first
    if mine is not None:
        again = [form_of(form.act, case, ActResult(form.act, mine.errors), request) for form in parts]
        fields = [_show_again(request, each) for form in again for each in form.entries]
    else:
        fields = [_show(each) for form in parts for each in form.entries]
    return fields, [form for form in forms if form not in parts]


def _show(entry: FieldShown) -> PropertyField:
    was = entry.was or ""
    return PropertyField(dataclasses.replace(entry, typed=was), was)


def _show_again(request: HttpRequest, entry: FieldShown) -> PropertyField:
    """What is wrong is changed again from what it says by now; of all else, from what the page showed."""
    return PropertyField(entry, entry.was or "" if entry.error else _read_was(request, entry.field.name))


def _read_was(request: HttpRequest, name: str) -> str:
    try:
        return line(request.POST.get(WAS + name, ""), most=_MOST_SHOWN)
    except CannotRead:
        return ""


def _save(doing: Doing, *, parts: Sequence[DeskAct]) -> HttpResponse | None:
    """Raises  CaseProblem: a field is wrong, or none was changed. Nothing is changed then."""
    offered = [act for act in parts if act.is_offered(doing.case, doing.who) and _may(act, doing)]
    at_once: list[PerformedAct] = []
    planned = [(act, values) for each in offered for act, values in _plan(each, doing)]
    with transaction.atomic():
        for act, values in planned:
            act.run(dataclasses.replace(doing, values=values, at_once=at_once))
    if not at_once:
        raise CaseProblem(_("You changed nothing, so there is nothing to save."))
    return undoing.lead_on(doing, SAVED, [[each.id, list(each.facts)] for each in at_once])


def _may(act: DeskAct, doing: Doing) -> bool:
    return not act.needs or may(doing.user, act.needs, doing.case.purpose)


def _plan(act: DeskAct, doing: Doing) -> list[tuple[DeskAct, Mapping[str, str]]]:
    """This act with its values, where one of its fields was changed.   Raises  CaseProblem: one is wrong."""
    form, now = doing.request.POST, act.now(doing.case) if act.now else {}
    typed_in = {each.name: form.get(each.name, "").strip() for each in act.fields}
    changed = {name for name, text in typed_in.items() if text != _read_was(doing.request, name)}
    if not changed:
        return []
    for name, sentence in act.find_changed(doing.case, sent=form).items():
        if name in changed:
            raise CaseProblem(sentence, name)
    sent = {name: text if name in changed else now[name] for name, text in typed_in.items()}
    if act.clear is not None and not any(sent.values()):
        return [(act.clear, {})]
    typed = act.read(sent, doing.case)
    for name, sentence in typed.errors.items():
        raise CaseProblem(sentence, name)
    return [(act, typed.values)]


def _list_parts(act: PerformedAct) -> list[PerformedAct]:
    _case, parts = act.facts
    return [PerformedAct(id, facts, act.at_utc, act.page) for id, facts in parts if id in done.kinds()]


def _tell(request: HttpRequest, act: PerformedAct) -> DoneNotice | None:
    parts, known = _list_parts(act), done.kinds()
    told = [notice for each in parts if (notice := known[each.id].tell(request, each)) is not None]
    if not told:
        return None
    sentences = [sentence for notice in told for sentence in notice.sentences]
    can_be = len(told) == len(parts) and all(known[each.id].undo for each in parts)
    return DoneNotice(sentences=sentences, undoable=can_be and all(notice.undoable for notice in told))


def _undo(request: HttpRequest, act: PerformedAct) -> PerformedAct | None:
    """None, and nothing is undone, if one of them can't be undone any more."""
    did: list[PerformedAct] = []
    with transaction.atomic():
        for each in reversed(_list_parts(act)):
            undo = done.kinds()[each.id].undo
            if undo is None or (result := undo(request, each)) is None:
                transaction.set_rollback(True)
                return None
            did.append(result)
    parts = [[each.id, list(each.facts)] for each in did]
    return PerformedAct(SAVED, (act.facts[0], parts), timezone.now(), act.page)


DONE: Mapping[str, DoneKind] = {SAVED: DoneKind(_tell, _undo)}
