"""What the console adds for one kind of request. The rooms bring their panels when the program starts."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest

from troth.cases.kinds import kinds
from troth.cases.models import Case
from troth.desk.acts.act import DeskAct


@dataclass(frozen=True)
class Panel:
    """What the console adds for one kind of request to what all kinds have.

    template  what is below the facts; `context` gives more to it
    acts      its own acts
    fields    field of a snippet → what it is for this request, such as the product
    progress  how far it is and what comes next, in a sentence; for kinds whose time runs in hours"""

    template: str = ""
    context: Callable[[HttpRequest, Any], Mapping[str, object]] | None = None
    acts: tuple[DeskAct, ...] = ()
    fields: Callable[[Any], Mapping[str, str]] | None = None
    progress: Callable[[Any], str] | None = None


_known: dict[str, Panel] = {}
_NONE = Panel()


def know(panels: Mapping[str, Panel]) -> None:
    """Kind's id → its panel."""
    _known.clear()
    _known.update(panels)


def panel_of(case: Case) -> Panel:
    """The panel of the request's kind; an empty one if it has none."""
    return _known.get(case.kind, _NONE)


def panels_for(purpose: str) -> list[Panel]:
    """The panels of all kinds of requests of a purpose."""
    return [_known[kind.id] for kind in kinds().values() if kind.purpose == purpose and kind.id in _known]
