from troth.access.procedures import demo, desk
from troth.access.procedures.disclosure import DISCLOSURE
from troth.access.procedures.entries import ENTRIES
from troth.access.procedures.hold import LEGAL_HOLD
from troth.access.procedures.incident import INCIDENT
from troth.access.procedures.review import REVIEW
from troth.desk.room import Room

ROOM = Room(
    name="procedures",
    cases=(DISCLOSURE, LEGAL_HOLD, INCIDENT, REVIEW),
    entries=ENTRIES,
    panels=desk.PANELS,
    demo=demo.seed,
    desk_urls="troth.access.procedures.desk_urls",
    apart={
        "legal_hold": "that a hold covers someone's data is in that person's history, unless an order forbids it",
        "held_erasure": "that a deletion waits for a legal hold is in the person's history",
    },
    stays={
        "legal_hold": "which data was held for a dispute, by kind and time, without values",
        "held_erasure": "a deletion that waits for the end of a hold; it goes when it is carried out",
    },
)
