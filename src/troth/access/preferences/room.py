from django.utils.translation import gettext_lazy as _

from troth.access.preferences import holding, mail
from troth.access.preferences.done import DONE
from troth.access.preferences.entries import ENTRIES
from troth.access.preferences.pausing import PAUSES
from troth.access.preferences.views import find_own
from troth.desk.portal import PortalTab
from troth.desk.room import Part, Room
from troth.security.entrances import Entrance

ROOM = Room(
    name="preferences",
    done=DONE,
    pauses=PAUSES,
    urls="troth.access.preferences.urls",
    takes_mail=mail.take_mail,
    entrances={Entrance.CHOICES: "/account/preferences/"},
    tabs=(
        PortalTab(
            "/account/preferences/",
            _("Privacy choices"),
            40,
            ("/privacy-choices/", "/newsletters/", "/policy/notices/"),
        ),
    ),
    parts=(Part("choices page", "preferences/parts/account.html", find_own),),
    entries=ENTRIES,
    held=holding.HELD,
    tables=("preference_pause",),
    erase=("preference_pause",),
)
