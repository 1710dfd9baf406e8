from django.utils.translation import gettext_lazy as _

from troth.desk.room import MenuEntry, Room
from troth.outbox.emails import Email
from troth.uses.quotes import actions, desk, holding, portal

ROOM = Room(
    name="quotes",
    purposes=(actions.PURPOSE,),
    takes={"form.quote": actions.record},
    files=("form.quote",),
    urls="troth.uses.quotes.urls",
    pages=(MenuEntry("quote", "/quote/", _("Get a quote"), place="form.quote"),),
    receipt=actions.receipt,
    emails=(
        Email("receipt", _("receipt of your request"), actions.PURPOSE),
        Email("request", _("your request"), actions.PURPOSE),
    ),
    cases=(actions.QUOTE,),
    shown={actions.QUOTE.id: portal.VIEW},
    panels={actions.QUOTE.id: desk.PANEL},
    work=(desk.WORK,),
    held=holding.list_held,
    tables=("quote_request",),
)
