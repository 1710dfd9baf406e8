from troth.desk.room import Room

ROOM = Room(
    name="copy",
    apart={"prepared_file": "a file made for her, from what the copy holds, and gone within days"},
)
