"""The acts of all kinds of requests, as far as they fit: see `CaseKind`."""

from collections.abc import Mapping

from troth.cases.models import Case
from troth.desk.acts import answering, assigning, closing, deciding, handing, joining, noting, properties, waiting
from troth.desk.acts.act import DeskAct
from troth.desk.acts.panels import panel_of, panels_for
from troth.desk.done import DoneKind

_OF_ALL = (*assigning.ASSIGNING, *noting.NOTING, *deciding.DECIDING, *closing.CLOSING, *deciding.DENYING)
_OF_TALKS = (*answering.ANSWERING, *waiting.WAITING, *joining.JOINING, *closing.REOPENING)
STANDARD = (*_OF_TALKS, *handing.HANDING, *_OF_ALL)

DONE_OF_ALL: Mapping[str, DoneKind] = {
    **answering.DONE,
    **assigning.DONE,
    **closing.DONE,
    **handing.DONE,
    **joining.DONE,
    **noting.DONE,
    **properties.DONE,
    **waiting.DONE,
}
"""How the next page tells them, and what undoes them."""


def acts_of(case: Case) -> list[DeskAct]:
    """Those that requests of this kind have: its own, and the standard ones that fit it."""
    found = [each for each in (*panel_of(case).acts, *STANDARD) if each.fits(case)]
    return [*found, properties.make_act(found)]


def offer_acts(purpose: str) -> list[DeskAct]:
    """All acts that requests of any kind of a purpose have, the most usual first."""
    return [*_OF_ALL, *_OF_TALKS, *(act for panel in panels_for(purpose) for act in panel.acts)]
