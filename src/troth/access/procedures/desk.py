"""Staff procedures in the list of privacy requests: what is shown of each, and the acts that only it has."""

from collections.abc import Mapping

from troth.access.procedures import (
    desk_disclosure,
    desk_hold,
    desk_incident,
    desk_review,
    disclosure,
    hold,
    incident,
    review,
)
from troth.desk.acts import Panel

PANELS: Mapping[str, Panel] = {
    incident.INCIDENT.id: desk_incident.PANEL,
    review.REVIEW.id: desk_review.PANEL,
    hold.LEGAL_HOLD.id: desk_hold.PANEL,
    disclosure.DISCLOSURE.id: desk_disclosure.PANEL,
}
