from django.utils.translation import gettext_lazy as _

from troth.cases.emails import conversation_emails
from troth.desk.room import MenuEntry, Part, Room, SeenPromise
from troth.outbox.emails import Email
from troth.uses.quotes import actions, desk, holding, likeness, portal
from troth.uses.quotes.models import QuoteRequest

ROOM = Room(
    name="quotes",
    purposes=(actions.PURPOSE,),
    takes={"form.quote": actions.record},
    places=("sales.inquiry",),
    files=("form.quote",),
    urls="troth.uses.quotes.urls",
    pages=(MenuEntry("quote", "/quote/", _("Quotes"), place="form.quote", main=True),),
    parts=(
        Part("home", "quotes/parts/button.html"),
        Part("no emails", "quotes/parts/button.html"),
        Part("product", "quotes/parts/product.html"),
    ),
    promises=(
        SeenPromise("I3", _("A form that says next to each field what we use it for"), "/quote/"),
        SeenPromise("U6", _("A receipt that names who received which data"), "/quote/"),
    ),
    products=portal.list_products,
    receipt=actions.receipt,
    emails=(
        Email("receipt", _("receipt of your request"), actions.PURPOSE, facts=actions.QuoteFacts),
        Email("request", _("your request"), actions.PURPOSE, facts=actions.QuoteFacts),
        *conversation_emails(actions.PURPOSE, _("an answer to your quote request")),
    ),
    cases=(actions.QUOTE,),
    shown={actions.QUOTE.id: portal.VIEW},
    panels={actions.QUOTE.id: desk.PANEL},
    work=(desk.WORK,),
    exports={"quote-requests": _("the list of quote requests")},
    choices={"need": {"quote": _("A quote"), "service": _("Service")}},
    codes={QuoteRequest.ROUTED: _("with a recipient"), QuoteRequest.QUEUED: _("in the shared queue")},
    held=holding.HELD,
    tables=("quote_request",),
    readdress=likeness.readdress,
    corrects=holding.correct,
    erase=("quote_request",),
)
