from django.utils.translation import gettext_lazy as _

from troth.access.requests import actions, holding
from troth.access.requests.entries import ENTRIES
from troth.desk.room import Letter, Page, Room

_ABOUT = _("about your privacy request")

ROOM = Room(
    name="cases",
    purposes=("rights",),
    urls="troth.access.requests.urls",
    pages=(Page("requests", "/privacy/requests/", _("Privacy requests"), place="form.privacy"),),
    receipt=actions.receipt,
    letters=(
        *(Letter(name, _ABOUT) for name in ("received", "notice", "extended", "answered", "denied", "announced")),
        Letter("erasing", _("that your data are deleted")),
    ),
    entries=ENTRIES,
    held=holding.held,
    tables=("request_case",),
    apart={
        "case_event": "what happened with a request stands in her history and on its page",
        "case_approval": "which members of staff agreed stands in her history",
        "agent_request": "what her agent sent is a request of hers, listed as such",
        "prepared_file": "a file made for her, from what the copy holds, and gone within days",
    },
)
