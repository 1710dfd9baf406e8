from django.utils.translation import gettext_lazy as _

from troth.cases.emails import RequestFacts, conversation_emails
from troth.collection.mailbox import keeping
from troth.desk.room import MenuEntry, Part, Room
from troth.outbox.emails import Email, EmailKind, at_once
from troth.uses.inquiries import actions, desk, holding, mail, portal

ROOM = Room(
    name="inquiries",
    purposes=(actions.PURPOSE,),
    takes={"form.register": actions.record, "form.contact": actions.record},
    places=(keeping.PLACE,),
    takes_other_mail=mail.take_other_mail,
    files=("form.register", "form.contact"),
    urls="troth.uses.inquiries.urls",
    pages=(
        MenuEntry("contact", "/contact/", _("Contact"), place="form.contact", main=True),
        MenuEntry("register", "/register/", _("Register your interest"), place="form.register"),
    ),
    parts=(
        Part("product", "inquiries/parts/product.html"),
        Part("nothing found", "inquiries/parts/ask.html"),
    ),
    products=portal.list_products,
    receipt=actions.receipt,
    emails=(
        Email("receipt", _("receipt of your request"), actions.PURPOSE, facts=actions.InquiryFacts),
        *conversation_emails(actions.PURPOSE, _("an answer to your message")),
        Email(
            "answered",
            _("your message was answered"),
            actions.PURPOSE,
            EmailKind.CASE,
            at_once("request closed"),
            facts=RequestFacts,
        ),
    ),
    cases=(actions.INQUIRY,),
    shown={actions.INQUIRY.id: portal.VIEW},
    panels={actions.INQUIRY.id: desk.PANEL},
    work=(desk.WORK,),
    exports={"inquiries": _("the list of inquiries")},
    held=holding.HELD,
    corrects=holding.correct,
    tables=("inquiry",),
    stays={"inquiry": "place and product of a request, which ends with the person's data"},
)
