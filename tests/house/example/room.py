from tests.house.example import actions, desk
from tests.house.example.entries import ENTRIES

from troth.desk.room import Letter, Page, Room

ROOM = Room(
    name="support",
    purposes=(actions.PURPOSE,),
    takes={"form.support": actions.record},
    urls="tests.house.example.urls",
    pages=(Page("support", "/support/", "Get support", place="form.support"),),
    receipt=actions.receipt,
    letters=(Letter("receipt", "the receipt of your support request"),),
    entries=ENTRIES,
    work=(desk.WORK,),
    held=desk.held,
    tables=("plea",),
)
