from tests.house.example import actions, desk
from tests.house.example.entries import ENTRIES

from troth.desk.room import Page, Room
from troth.outbox.emails import Email, Kind

ROOM = Room(
    name="support",
    purposes=(actions.PURPOSE,),
    takes={"form.support": actions.record},
    urls="tests.house.example.urls",
    pages=(Page("support", "/support/", "Get support", place="form.support"),),
    receipt=actions.receipt,
    emails=(Email("receipt", "the receipt of your support request", Kind.CASE),),
    entries=ENTRIES,
    work=(desk.WORK,),
    held=desk.held,
    tables=("plea",),
)
