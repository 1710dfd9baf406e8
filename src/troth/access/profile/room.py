from troth.access.profile.done import DONE
from troth.access.profile.entries import ENTRIES
from troth.desk.room import Room

ROOM = Room(
    name="profile",
    done=DONE,
    places=("form.profile",),
    files=("form.profile",),
    urls="troth.access.profile.urls",
    entries=ENTRIES,
)
