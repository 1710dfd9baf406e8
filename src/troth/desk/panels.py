"""The panels of all kinds of requests, known from the rooms when the program starts."""

from collections.abc import Mapping

from troth.cases.kinds import kinds
from troth.cases.models import Case
from troth.desk.acts import Panel

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
