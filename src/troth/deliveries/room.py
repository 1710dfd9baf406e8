from django.utils.translation import gettext_lazy as _

from troth.deliveries import demo, desk_views
from troth.desk.room import DeskEntry, Part, Room
from troth.outbox import board, delivery, suppression

ROOM = Room(
    name="deliveries",
    desk_urls="troth.deliveries.desk_urls",
    desk=(DeskEntry("/console/outbox/", _("Outbox"), desk_views.operates),),
    parts=(
        Part("console outages", "deliveries/parts/outage.html", desk_views.tell_outage),
        Part("console work", "deliveries/parts/work.html", desk_views.tell_stopped),
    ),
    exports={desk_views.EXPORTED: _("emails that were not sent")},
    acts={
        delivery.SENT_AGAIN: _("Resent an email"),
        delivery.RELEASED: _("Released an email that was held"),
        delivery.GIVEN_UP: _("Decided not to send an email"),
        board.LANE_TRIED: _("Asked the mail server again"),
        desk_views.HOLD_RELEASED: _("Released email after a restore"),
        suppression.LIFTED: _("Allowed email to an address again that had been suppressed"),
    },
    demo_after=demo.seed,
)
