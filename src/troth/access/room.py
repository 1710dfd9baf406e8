from django.utils.translation import gettext_lazy as _

from troth.access.entries import ENTRIES
from troth.desk.portal import PortalTab
from troth.desk.room import DeskEntry, Room
from troth.desk.staff import readable
from troth.security.models import User


def _reads_for_some_purpose(user: User) -> bool:
    return bool(readable(user))


ROOM = Room(
    name="access",
    purposes=("access",),
    urls="troth.access.urls",
    tabs=(PortalTab("/account/data/", _("Data & history"), 30, ("/account/profile/",)),),
    entries=ENTRIES,
    desk_urls="troth.access.desk_urls",
    desk=(DeskEntry("/console/people/", _("People"), _reads_for_some_purpose, more=True),),
    tables=("datum", "choice", "entry"),
    apart={
        "person": "a number that means the person in all other tables",
        "event_time": "when the events happened that retention counts from; each value says until when it is kept",
        "person_key": "the key to the person's values; anyone holding it could open them without a grant",
        "standing": "the choices, compiled for speed",
        "entry_queue": "entries on their way to the ledger's tree",
        "entry_chunk": "the entries, packed for speed",
        "leaf_order": "hashes of the entries: each has a receipt",
        "letter": "each email is in the person's history",
        "stored_file": "the files are in the copy, beside the values that name them",
        "datum_mark": "keyed marks of the words of values, which the copy gives in full",
        "finished_letter": "the last email, sealed until it has left",
    },
    erase=("letter",),
    stays={
        "person": "a number that stands for nobody any more",
        "datum": "`erase` deletes it, all of it or all but what a law keeps",
        "choice": "what was allowed and when, by which earlier uses are checked; nothing in it finds the person",
        "entry": "the ledger's leaf and codes; `erase` takes its salt, reason and payload",
        "event_time": "`erase` deletes it with the data whose times it tells",
        "person_key": "`erase` deletes it first",
        "standing": "`erase` deletes it with the data that it is compiled from",
        "entry_queue": "hashes, as in the ledger's tree",
        "entry_chunk": "bits without names: only the number in `person` tells whose each is",
        "leaf_order": "hashes, as in the ledger's tree",
        "stored_file": "goes with the value that names it",
        "datum_mark": "the database deletes it with its value",
        "finished_letter": "says that it is done, and goes once it has been sent",
    },
)
