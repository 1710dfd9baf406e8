"""The panels of this site's kinds of requests. The rooms name them once, when the program starts."""

from collections.abc import Mapping

from troth.cases.models import Case
from troth.desk.acts import Panel

_known: dict[str, Panel] = {}
_NONE = Panel()


def know(panels: Mapping[str, Panel]) -> None:
    """Kind's id → its panel."""
    _known.clear()
    _known.update(panels)


def panel_of(case: Case) -> Panel:
    """What its kind shows and does beside what all do; nothing for a kind that has none."""
    return _known.get(case.kind, _NONE)
