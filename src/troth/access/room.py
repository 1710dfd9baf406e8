from troth.access.entries import ENTRIES
from troth.desk.room import Room

ROOM = Room(name="access", purposes=("access",), urls="troth.access.urls", entries=ENTRIES)
