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
    desk=(DeskEntry("/console/people/", _("People"), _reads_for_some_purpose),),
    tables=("datum", "choice", "entry"),
    apart={
        "person": "a number that stands for her in all other tables",
        "event_time": "when what her times run from happened; until when each value is kept stands beside it",
        "person_key": "the key to her values; whoever held it could open them without a grant",
        "standing": "her choices, compiled for speed",
        "entry_queue": "entries on their way to the ledger's tree",
        "entry_chunk": "her entries, packed for speed",
        "leaf_order": "hashes of her entries: each has a receipt",
        "letter": "each email stands in her history",
        "stored_file": "the files are in the copy, beside the values that name them",
        "finished_letter": "the last email, sealed until it has left",
    },
)
