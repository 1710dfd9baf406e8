from troth.access.profile.entries import ENTRIES
from troth.desk.room import Room

ROOM = Room(
    name="profile", places=("form.profile",), files=("form.profile",), urls="troth.access.profile.urls", entries=ENTRIES
)
