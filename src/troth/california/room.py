from django.utils.translation import gettext_lazy as _

from troth.california.answering import CIVIL_CODE, DISCLOSURES
from troth.desk.portal import RequestView
from troth.desk.room import MenuEntry, Room

ROOM = Room(
    name="california",
    cases=(DISCLOSURES,),
    shown={DISCLOSURES.id: RequestView(elsewhere=lambda case: DISCLOSURES.own_page.format(number=case.number))},
    codes={CIVIL_CODE: _("California Civil Code 1798.83 deadline")},
    urls="troth.california.urls",
    pages=(
        # The statute wants the link under these words on every site: without a page of its own, to the policy.
        MenuEntry(
            "california",
            "/california/",
            _("Your California Privacy Rights"),
            place="california.disclosures",
            footer=True,
            otherwise="/policy",
        ),
    ),
)
