from django.utils.translation import gettext_lazy as _

from troth.access.organization.entries import ENTRIES, names_of
from troth.desk.room import Letter, Room

_NAMES = ("agreed", "asked", "invited", "refused", "removed", "role")

ROOM = Room(
    name="organization",
    purposes=("organization",),
    urls="troth.access.organization.urls",
    letters=tuple(Letter(name, _("organization update")) for name in _NAMES),
    entries=ENTRIES,
    names=names_of,
)
