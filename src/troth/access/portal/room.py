from django.utils.translation import gettext_lazy as _

from troth.desk.portal import PortalTab
from troth.desk.room import Room

ROOM = Room(
    name="portal",
    urls="troth.access.portal.urls",
    tabs=(PortalTab("/account/requests/", _("Requests"), 10, ("/privacy/requests/",)),),
)
