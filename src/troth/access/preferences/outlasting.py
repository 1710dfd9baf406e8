"""What someone opts out of during a pause stays off when the pause ends."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from uuid import UUID

from troth import due, gate
from troth.access.preferences import telling
from troth.access.preferences.models import END, Pause
from troth.access.preferences.telling import SavedChange

STAYS_OFF = "stays off"


def keep_off(people: Sequence[UUID], questions: Collection[str], *, version: int, way: str) -> list[str]:
    """Those questions that a pause would have turned on again; in the caller's transaction.

    The pause itself said no already, so the person's own no is written beside it."""
    kept: dict[str, None] = {}
    for pause in Pause.objects.select_for_update().filter(person__in=people).order_by("pk") if questions else ():
        for change in _drop(pause, questions):
            kept[change.question] = None
            made = [gate.MadeChoice(one.person, change.question, version, False) for one in change.former]
            gate.choose_all(made, way=way)
    return list(kept)


def _drop(pause: Pause, questions: Collection[str]) -> list[SavedChange]:
    """What the pause no longer restores. A pause that restores nothing is over."""
    saved = pause.as_saved()
    rest = tuple(each for each in saved.changes if each.question not in questions)
    if not rest:
        due.cancel(END, about=pause.pk)
        pause.delete()
    elif len(rest) < len(saved.changes):
        pause.saved = telling.pack(replace(saved, changes=rest))
        pause.save(update_fields=["saved"])
    return [each for each in saved.changes if each.question in questions]
