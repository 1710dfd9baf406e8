from django.utils.translation import gettext_lazy as _

from troth.access.requests import actions, holding
from troth.access.requests.entries import ENTRIES
from troth.access.requests.kinds import KINDS
from troth.desk.room import MenuEntry, Room
from troth.outbox.emails import Email, EmailKind

_ABOUT = _("privacy request update")

ROOM = Room(
    name="cases",
    purposes=("rights",),
    places=("form.privacy", "staff.entry"),
    urls="troth.access.requests.urls",
    pages=(MenuEntry("requests", "/privacy/requests/", _("Privacy requests"), place="form.privacy"),),
    receipt=actions.receipt,
    emails=(
        *(
            Email(name, _ABOUT, EmailKind.CASE)
            for name in ("received", "notice", "extended", "answered", "denied", "announced")
        ),
        Email("erasing", _("confirmation that your data was deleted"), EmailKind.CASE),
    ),
    entries=ENTRIES,
    cases=KINDS,
    held=holding.held,
    tables=("request_case",),
    apart={
        "case_event": "what happened with a request stands in her history and on its page",
        "case_approval": "which members of staff agreed stands in her history",
        "prepared_file": "a file made for her, from what the copy holds, and gone within days",
    },
)
