from django.utils.translation import gettext_lazy as _

from troth.cases.emails import RequestFacts, conversation_emails
from troth.collection.mailbox import keeping
from troth.desk.room import DeskEntry, MenuEntry, Part, Room
from troth.outbox.emails import Email, EmailKind, at_once
from troth.uses.support import actions, caller_views, demo, desk, holding, mail, portal, snippet_views

ROOM = Room(
    name="support",
    purposes=(actions.PURPOSE,),
    takes={"form.support": actions.record},
    places=(keeping.PLACE,),
    takes_mail=mail.take_mail,
    files=("form.support",),
    urls="troth.uses.support.urls",
    pages=(MenuEntry("support", "/support/", _("Support"), place="form.support", main=True),),
    parts=(Part("product", "support/parts/product.html"),),
    products=portal.list_products,
    done={**desk.DONE, **snippet_views.DONE, **portal.DONE},
    receipt=actions.receipt,
    emails=(
        Email(
            "received",
            _("receipt of your support case"),
            actions.PURPOSE,
            EmailKind.CASE,
            at_once("support requested"),
            facts=RequestFacts,
        ),
        *conversation_emails(actions.PURPOSE, _("an answer to your support case")),
        Email(
            "answered",
            _("your support case was closed"),
            actions.PURPOSE,
            EmailKind.CASE,
            at_once("request closed"),
            facts=RequestFacts,
        ),
    ),
    cases=(actions.SUPPORT,),
    shown={actions.SUPPORT.id: portal.VIEW},
    panels={actions.SUPPORT.id: desk.PANEL},
    work=(desk.WORK,),
    exports={"support-cases": _("the list of support cases")},
    codes={"ours": _("waiting for us"), "waiting": _("waiting for someone else"), "ended": _("withdrawn or merged")},
    desk_urls="troth.uses.support.desk_urls",
    desk=(
        DeskEntry("/console/callers/", _("Find a caller"), caller_views.may_search),
        DeskEntry("/console/snippets/", _("Snippets"), snippet_views.may_write, more=True),
    ),
    demo=demo.seed,
    held=holding.HELD,
    corrects=holding.correct,
    tables=("support_case",),
    stays={"support_case": "product, release and rating of a case, which ends with the person's data"},
)
