"""An act as its form shows it: what was typed, and what is wrong with it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest

from troth.desk.acts.act import ActResult, DeskAct, Field
from troth.wording import Words


@dataclass(frozen=True)
class FieldShown:
    """One field of a form, with what was typed and what is wrong with it. `was`: what it says of the request now."""

    id: str
    field: Field
    choices: Sequence[tuple[str, Words]]
    typed: str
    error: str
    was: str | None = None

    @property
    def is_choice(self) -> bool:
        """Whether it is one of `choices`. A template can't ask `field.choices`: it would call it, without a case."""
        return self.field.choices is not None


@dataclass(frozen=True)
class ActForm:
    """An act as its form shows it. `open`: it was sent and came back."""

    act: DeskAct
    button: Words
    entries: Sequence[FieldShown]
    error: str
    open: bool
    effect: str


def form_of(act: DeskAct, case: Any, result: ActResult | None, request: HttpRequest) -> ActForm:
    """The form of an act, with its result if it is the one that was sent."""
    mine = result if result is not None and result.act is act else None
    return ActForm(
        act=act,
        button=act.title(case),
        entries=[_entry(act, each, case, mine, request) for each in act.fields],
        error=mine.errors.get("", "") if mine else "",
        open=mine is not None,
        effect=act.effect(case, {}) if act.effect else "",
    )


def _entry(act: DeskAct, field: Field, case: Any, result: ActResult | None, request: HttpRequest) -> FieldShown:
    typed = request.POST.get(field.name, "") if result else ""
    error = result.errors.get(field.name, "") if result else ""
    choices = field.list_choices(case)
    now = act.now(case) if act.now else {}
    was = field.find_shown(now[field.name], choices) if field.name in now else None
    return FieldShown(f"{act.do}-{field.name}", field, choices, typed=typed, error=error, was=was)
