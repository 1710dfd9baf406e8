from tests.house.example import actions, desk
from tests.house.example.entries import ENTRIES
from tests.house.example.kinds import PLEA, PURPOSE

from troth.desk.acts import Panel
from troth.desk.room import MenuEntry, Room
from troth.outbox.emails import Email, EmailKind, at_once

ROOM = Room(
    name="support",
    purposes=(PURPOSE,),
    takes={"form.support": actions.record},
    urls="tests.house.example.urls",
    pages=(MenuEntry("support", "/support/", "Get support", place="form.support", main=True),),
    receipt=actions.receipt,
    emails=(
        Email(
            "receipt",
            "the receipt of your support request",
            PURPOSE,
            EmailKind.CASE,
            at_once("request"),
            facts=actions.PleaFacts,
        ),
    ),
    entries=ENTRIES,
    cases=(PLEA,),
    panels={PLEA.id: Panel(template="support/opened.html")},
    work=(desk.WORK,),
    held=desk.HELD,
    tables=("plea",),
    erase=("plea",),
)
