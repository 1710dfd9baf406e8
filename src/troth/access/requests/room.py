from django.utils.translation import gettext_lazy as _

from troth.access.requests import actions
from troth.access.requests.entries import ENTRIES
from troth.desk.room import Letter, Page, Room

_ABOUT = _("privacy request update")

ROOM = Room(
    name="cases",
    purposes=("rights",),
    urls="troth.access.requests.urls",
    pages=(Page("requests", "/privacy/requests/", _("Privacy requests"), place="form.privacy"),),
    receipt=actions.receipt,
    letters=(
        *(Letter(name, _ABOUT) for name in ("received", "notice", "extended", "answered", "denied", "announced")),
        Letter("erasing", _("confirmation that your data was deleted")),
    ),
    entries=ENTRIES,
)
