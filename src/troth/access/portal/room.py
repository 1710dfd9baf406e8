from django.utils.translation import gettext_lazy as _

from troth.access.portal import listing, products
from troth.access.portal.done import DONE
from troth.desk.portal import PortalTab
from troth.desk.room import Part, Room
from troth.security.entrances import Entrance

ROOM = Room(
    name="portal",
    done=DONE,
    urls="troth.access.portal.urls",
    entrances={
        Entrance.REQUESTS: "/account/requests/",
        Entrance.REQUEST: "/account/requests/{number}/",
        Entrance.UNDO: "/account/undo/",
    },
    parts=(Part("home.aside", "portal/parts/open.html", listing.list_open),),
    tabs=(
        PortalTab("/account/requests/", _("Requests"), 10, ("/privacy/requests/", "/california/", "/receipt/")),
        PortalTab("/account/products/", _("Products"), 20, ("/installations/",), filled=products.are_offered),
    ),
)
