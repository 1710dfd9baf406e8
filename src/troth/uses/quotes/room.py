from functools import partial

from django.utils.translation import gettext_lazy as _

from troth.desk import seen
from troth.desk.room import MenuEntry, Room
from troth.outbox.emails import Email
from troth.uses.quotes import actions, desk, holding, portal

ROOM = Room(
    name="quotes",
    purposes=(actions.PURPOSE,),
    takes={"form.quote": actions.record},
    urls="troth.uses.quotes.urls",
    pages=(MenuEntry("quote", "/quote/", _("Get a quote"), place="form.quote"),),
    receipt=actions.receipt,
    emails=(
        Email("receipt", _("receipt of your request"), actions.PURPOSE, facts=actions.QuoteFacts),
        Email("request", _("your request"), actions.PURPOSE, facts=actions.QuoteFacts),
    ),
    cases=(actions.QUOTE,),
    shown={actions.QUOTE.id: portal.VIEW},
    panels={actions.QUOTE.id: desk.PANEL},
    work=(desk.WORK,),
    held=holding.list_held,
    tables=("quote_request",),
    erase=("quote_request",),
    profile=holding.list_held,
    organization=partial(seen.list_seen, actions.QUOTE),
)
