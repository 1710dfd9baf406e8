from troth.access.preferences import holding
from troth.access.preferences.entries import ENTRIES
from troth.desk.room import Room

ROOM = Room(
    name="preferences",
    urls="troth.access.preferences.urls",
    entries=ENTRIES,
    held=holding.list_held,
    tables=("preference_pause",),
)
