from tests.house.example import actions, desk
from tests.house.example.entries import ENTRIES

from troth.desk.room import MenuEntry, Room
from troth.outbox.emails import Email, EmailKind, at_once

ROOM = Room(
    name="support",
    purposes=(actions.PURPOSE,),
    takes={"form.support": actions.record},
    urls="tests.house.example.urls",
    pages=(MenuEntry("support", "/support/", "Get support", place="form.support"),),
    receipt=actions.receipt,
    emails=(
        Email("receipt", "the receipt of your support request", actions.PURPOSE, EmailKind.CASE, at_once("request")),
    ),
    entries=ENTRIES,
    work=(desk.WORK,),
    held=desk.held,
    tables=("plea",),
)
