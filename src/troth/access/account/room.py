from django.utils.translation import gettext_lazy as _

from troth.access.account.entries import ENTRIES
from troth.desk.room import Letter, Page, Room

_CONFIRM = _("address confirmation")

ROOM = Room(
    name="account",
    purposes=("account",),
    urls="troth.access.account.urls",
    pages=(Page("account", "/account/new/", _("Create an account"), place="form.account"),),
    letters=(
        Letter("confirm", _CONFIRM),
        Letter("known", _CONFIRM),
        Letter("address", _CONFIRM),
        Letter("reset", _("password reset")),
        Letter("notice", _("account notification")),
    ),
    entries=ENTRIES,
)
