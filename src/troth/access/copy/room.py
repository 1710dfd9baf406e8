from troth.desk.room import Room

ROOM = Room(
    name="copy",
    apart={"prepared_file": "a file made for the person from what the copy holds, deleted within days"},
)
