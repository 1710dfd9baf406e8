"""An incident in the console: its steps, each with what was done."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from troth import in_force
from troth.access.procedures import incident
from troth.access.procedures.base import find_words
from troth.cases.models import Case
from troth.desk.acts import DeskAct, Doing, Field, Panel
from troth.security import crew
from troth.words.values import kinds_in_words


@dataclass(frozen=True)
class IncidentStep:
    """One step. `act`: what its form sends; `was`: what the page shows of it, so that no note is replaced unseen."""

    id: str
    title: str
    said: incident.Said | None
    by: str
    following: bool

    @property
    def act(self) -> str:
        return _name_step(self.id)

    @property
    def was(self) -> str:
        return self.said.text if self.said else ""

    @property
    def at_utc(self) -> datetime | None:
        return self.said.at if self.said else None


def _describe(request: HttpRequest, case: Case) -> Mapping[str, object]:
    happened = incident.INCIDENT.read(case)
    return {
        "happened": find_words(case, "what happened"),
        "affected": kinds_in_words(in_force.policy(), happened.kinds),
        "people": happened.people,
        "procedure": _list_steps(happened.steps),
    }


def _progress(case: Case) -> str:
    said = incident.INCIDENT.read(case).steps
    told = _("%(done)d of %(all)d steps done") % {"done": len(said), "all": len(incident.STEPS)}
    following = _find_following(said)
    return _("%(told)s. Next: %(step)s") % {"told": told, "step": incident.STEPS[following]} if following else told


def _list_steps(said: Mapping[str, incident.Said]) -> list[IncidentStep]:
    names, following = crew.names_of(each.who for each in said.values()), _find_following(said)
    return [
        IncidentStep(
            id=id,
            title=str(title),
            said=said.get(id),
            by=names.get(said[id].who, said[id].who) if id in said else "",
            following=id == following,
        )
        for id, title in incident.STEPS.items()
    ]


def _find_following(said: Mapping[str, incident.Said]) -> str:
    """The first step that isn't done; empty if all are."""
    return next((id for id in incident.STEPS if id not in said), "")


def _name_step(step: str) -> str:
    return f"step-{step}"


def _make_step(step: str) -> DeskAct:
    return DeskAct(
        do=_name_step(step),
        told=gettext_lazy("You recorded a step of %(number)s."),
        button=gettext_lazy("Save step"),
        run=partial(_note_step, step=step),
        fields=(Field("words", gettext_lazy("What was done (no personal data)")),),
        own=True,
        now=partial(_find_note, step=step),
        alone=True,
    )


def _note_step(doing: Doing, *, step: str) -> None:
    incident.note_step(doing.case, step, words=doing.values["words"], who=doing.who, at_utc=doing.at_utc)


def _find_note(case: Case, *, step: str) -> Mapping[str, str]:
    said = incident.INCIDENT.read(case).steps.get(step)
    return {"words": said.text if said else ""}


PANEL = Panel(
    template="procedures/incident.html",
    context=_describe,
    progress=_progress,
    acts=tuple(_make_step(step) for step in incident.STEPS),
)
