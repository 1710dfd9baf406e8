from django.utils.translation import gettext_lazy as _

from troth.access.requests import actions, holding
from troth.access.requests.entries import ENTRIES
from troth.cases.actions import PURPOSE
from troth.cases.emails import SECURITY_PURPOSE
from troth.desk.room import MenuEntry, Room
from troth.outbox.emails import Email, EmailKind, at_once, before
from troth.policy.terms import Duration

_ABOUT = _("privacy request update")

ROOM = Room(
    name="cases",
    purposes=(PURPOSE,),
    places=("form.privacy", "staff.entry"),
    urls="troth.access.requests.urls",
    pages=(MenuEntry("requests", "/privacy/requests/", _("Privacy requests"), place="form.privacy"),),
    receipt=actions.receipt,
    emails=(
        *(
            Email(name, _ABOUT, PURPOSE, EmailKind.CASE, at_once(f"request {name}"))
            for name in ("received", "extended", "answered", "denied")
        ),
        Email("notice", _ABOUT, PURPOSE, EmailKind.CASE, before(Duration(5, "day"), of="request due")),
        Email("announced", _ABOUT, SECURITY_PURPOSE, EmailKind.CASE, at_once("deletion asked")),
        Email(
            "erasing", _("confirmation that your data was deleted"), PURPOSE, EmailKind.CASE, at_once("data deleted")
        ),
    ),
    entries=ENTRIES,
    held=holding.held,
    tables=("request_case",),
    apart={
        "case_event": "what happened with a request stands in her history and on its page",
        "case_approval": "which members of staff agreed stands in her history",
        "prepared_file": "a file made for her, from what the copy holds, and gone within days",
    },
)
