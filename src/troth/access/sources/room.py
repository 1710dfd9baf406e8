from django.utils.translation import gettext_lazy as _

from troth.access.sources import actions
from troth.desk.room import Room
from troth.outbox.emails import Email, EmailKind, at_once

ROOM = Room(
    name="sources",
    emails=(
        Email(
            "collected",
            _("data about you that you didn’t enter yourself"),
            actions.PURPOSE,
            EmailKind.NOTICE,
            at_once("data from others"),
            by_law=True,
            facts=actions.SourceFacts,
            content=actions.content_of,
        ),
    ),
)
