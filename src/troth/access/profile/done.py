"""What a change of one's own values did, and what undoes it.

The former values are in the page that says it, encrypted, and nowhere else: what was deleted is not kept for an undo.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from troth import in_force
from troth.access import viewers
from troth.access.entries import RESTORED
from troth.access.profile import actions
from troth.access.profile.holding import Holding, holding
from troth.access.viewers import Viewer
from troth.desk import handovers
from troth.desk.done import DoneKind, DoneNotice, PerformedAct
from troth.policy.phrases import join_words
from troth.records.profile import HeldDatum
from troth.words.held import HeldValue

CORRECTED, REMOVED, ADDED = "profile/corrected", "profile/removed", "profile/added"
RESTORED_ACT = "profile/restored"


@dataclass(frozen=True)
class ChangedValue:
    """One value before and after: None where there was none, or is none any more."""

    kind: str
    was: str | None
    now: str | None


def perform(
    id: str, viewer: Viewer, about: HeldDatum | None, changes: Sequence[ChangedValue], *, at_utc: datetime
) -> PerformedAct:
    """Takes  about: a datum of the place and request that the values belong to; None for the profile's own form."""
    source = [str(about.id), about.channel, about.version, str(about.cause or "")] if about else []
    changed = [[each.kind, each.was, each.now] for each in changes]
    return PerformedAct(id, [str(viewer.person), source, changed], at_utc, viewer.profile)


def list_changes(
    before: Mapping[str, HeldValue], values: Mapping[str, str], changed: Sequence[str]
) -> list[ChangedValue]:
    """What a correction did.   Takes  before: kind → what was there; values: kind → what the form said"""
    return [ChangedValue(kind, before[kind].raw if kind in before else None, values.get(kind)) for kind in changed]


def undo(viewer: Viewer, act: PerformedAct, *, at_utc: datetime) -> PerformedAct | None:
    """The values as they were, where they are still what the change made them. All of them, or none."""
    whose, source, changed = act.facts
    about, changes = _read_source(source), [ChangedValue(*each) for each in changed]
    now = holding(viewer)
    if str(viewer.person) != whose or not all(_stands(now, about, each) for each in changes):
        return None
    with transaction.atomic():
        for each in changes:
            _restore(viewer, _find(now, about, each), about, each, at_utc=at_utc)
    return PerformedAct(RESTORED_ACT, [each.kind for each in changes], at_utc, viewer.profile)


def _read_source(source: Sequence[Any]) -> HeldDatum | None:
    if not source:
        return None
    id, channel, version, cause = source
    return HeldDatum(UUID(id), "", channel, version, "", "", timezone.now(), None, UUID(cause) if cause else None)


def _find(now: Holding, about: HeldDatum | None, change: ChangedValue) -> HeldValue | None:
    """The value of this kind, place and request that is held now."""
    for each in now.held:
        same = about is None or (each.datum.channel, each.datum.cause) == (about.channel, about.cause)
        if each.kind.id == change.kind and same:
            return each
    return None


def _stands(now: Holding, about: HeldDatum | None, change: ChangedValue) -> bool:
    found = _find(now, about, change)
    return (found.raw if found else None) == change.now


def _restore(
    viewer: Viewer, found: HeldValue | None, about: HeldDatum | None, change: ChangedValue, *, at_utc: datetime
) -> None:
    if change.was is None:
        if found is not None:
            actions.remove(viewer, found.datum)
    elif found is not None:
        actions.correct(viewer, found.datum, change.was, at_utc=at_utc, way=RESTORED)
    elif about is not None:
        former = replace(about, kind=change.kind)
        actions.correct(viewer, former, change.was, at_utc=at_utc, former=False, way=RESTORED)


def _tell_corrected(request: HttpRequest, act: PerformedAct) -> DoneNotice:
    told = _("You corrected “%(kind)s”.") % {"kind": _titles(act)}
    then = _("We deleted the previous value. Your history shows the change.")
    return DoneNotice(sentences=(told,), then=_add_outside(then, act), kept=True, undoable=_undoable(act))


def _tell_removed(request: HttpRequest, act: PerformedAct) -> DoneNotice:
    told = _("You removed “%(kind)s”.") % {"kind": _titles(act)}
    then = _("We deleted the value. Your history shows that it was here.")
    return DoneNotice(sentences=(told,), then=_add_outside(then, act), kept=True, undoable=_undoable(act))


def _tell_added(request: HttpRequest, act: PerformedAct) -> DoneNotice:
    return DoneNotice(sentences=(_("You added “%(kind)s”.") % {"kind": _titles(act)},), undoable=_undoable(act))


def _tell_restored(request: HttpRequest, act: PerformedAct) -> DoneNotice:
    titles = _join([str(in_force.policy().kinds[kind].title) for kind in act.facts])
    return DoneNotice(
        sentences=(_("“%(kind)s” is as it was before.") % {"kind": titles},), then=_("Your history shows both changes.")
    )


def _add_outside(then: str, act: PerformedAct) -> str:
    """The same, with which other companies have the value as it was before. The policy states no email to them."""
    whose, source, changed = act.facts
    about = _read_source(source)
    given = [kind for kind, was, _now in changed if was is not None]
    if about is None or about.cause is None or not given:
        return then
    names = handovers.list_outside(UUID(whose), about.cause, kinds=given)
    if not names:
        return then
    told = _(
        "%(recipients)s received the previous value, and we don’t tell them about this change. If it matters for their "
        "answer, tell them when they contact you."
    )
    return f"{then} {told % {'recipients': join_words(names, _)}}"


def _undoable(act: PerformedAct) -> bool:
    """A deleted file doesn't come back."""
    kinds = in_force.policy().kinds
    return not any(kinds[kind].files for kind, _was, _now in act.facts[2])


def _titles(act: PerformedAct) -> str:
    return _join([str(in_force.policy().kinds[kind].title) for kind, _was, _now in act.facts[2]])


def _join(titles: Sequence[str]) -> str:
    return "”, “".join(titles)


def _undo_own(request: HttpRequest, act: PerformedAct) -> PerformedAct | None:
    person = UUID(act.facts[0])
    viewer = viewers.find_viewer(request, person)
    if viewer is None:
        return None
    done = undo(viewer, act, at_utc=timezone.now())
    return replace(done, page=act.page) if done else None


DONE: Mapping[str, DoneKind] = {
    CORRECTED: DoneKind(_tell_corrected, _undo_own),
    REMOVED: DoneKind(_tell_removed, _undo_own),
    ADDED: DoneKind(_tell_added, _undo_own),
    RESTORED_ACT: DoneKind(_tell_restored),
}
