from django.utils.translation import gettext_lazy as _

from troth.california.answering import DISCLOSURES
from troth.desk.portal import RequestView
from troth.desk.room import MenuEntry, Room

ROOM = Room(
    name="california",
    cases=(DISCLOSURES,),
    shown={DISCLOSURES.id: RequestView(elsewhere=lambda case: DISCLOSURES.own_page.format(number=case.number))},
    urls="troth.california.urls",
    pages=(
        MenuEntry("california", "/california/", _("Your California Privacy Rights"), place="california.disclosures"),
    ),
)
