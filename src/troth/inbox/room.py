from django.utils.translation import gettext_lazy as _

from troth.collection.mailbox import actions
from troth.desk.room import DeskEntry, Part, Room
from troth.desk.staff import reads_mail
from troth.inbox import demo, desk_views, done, holding

ROOM = Room(
    name="inbox",
    urls="troth.inbox.urls",
    parts=(
        Part("outbox", "inbox/parts/write.html"),
        Part("outbox email", "inbox/parts/reply.html"),
        Part("console message", "inbox/parts/whole.html"),
        Part("console outages", "inbox/parts/outage.html", desk_views.tell_work),
    ),
    desk_urls="troth.inbox.desk_urls",
    desk=(DeskEntry("/console/inbox/", _("Inbox"), reads_mail),),
    acts={
        actions.OPENED: _("Opened an email in the inbox"),
        actions.READ_AGAIN: _("Had an email read again"),
        actions.TAKEN: _("Created a request from an email"),
        actions.ADDED: _("Added an email to a request"),
        actions.DISCARD: _("Discarded an email"),
        actions.KEPT: _("Undid discarding an email"),
    },
    done=done.DONE,
    demo=demo.seed,
    held=holding.HELD,
    tables=("kept_mail",),
    erase=("kept_mail",),
    retention=(holding.expire,),
)
