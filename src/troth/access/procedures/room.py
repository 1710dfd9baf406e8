from troth.access.procedures import demo, desk
from troth.access.procedures.disclosure import DISCLOSURE
from troth.access.procedures.incident import INCIDENT
from troth.access.procedures.review import REVIEW
from troth.desk.room import Room

ROOM = Room(
    name="procedures",
    cases=(DISCLOSURE, INCIDENT, REVIEW),
    panels=desk.PANELS,
    demo=demo.seed,
    desk_urls="troth.access.procedures.desk_urls",
)
