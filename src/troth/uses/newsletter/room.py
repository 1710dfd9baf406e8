from django.utils.translation import gettext_lazy as _

from troth.desk.room import MenuEntry, Part, Room
from troth.outbox.emails import Email, EmailKind
from troth.security.entrances import Entrance
from troth.uses.newsletter import actions, holding
from troth.uses.newsletter.entries import ENTRIES
from troth.uses.newsletter.topics import CONFIRMATIONS, PURPOSE, UNCONFIRMED

ROOM = Room(
    name="newsletter",
    purposes=(PURPOSE, CONFIRMATIONS),
    takes={"form.news": actions.record},
    urls="troth.uses.newsletter.urls",
    pages=(
        MenuEntry(
            "newsletters",
            "/newsletters/sign-up/",
            _("Newsletters"),
            place=UNCONFIRMED,
            footer=True,
        ),
    ),
    parts=(Part("home", "newsletter/parts/home.html"),),
    confirms={PURPOSE: actions.ask_again},
    entrances={Entrance.NEWSLETTER: "/newsletters/confirm/{token}/"},
    receipt=actions.receipt,
    emails=(
        Email("confirm", _("newsletter confirmation"), CONFIRMATIONS, facts=actions.ConfirmFacts),
        Email("welcome", _("newsletter welcome"), PURPOSE, EmailKind.MARKETING, facts=actions.WelcomeFacts),
    ),
    entries=ENTRIES,
    held=holding.list_held,
    tables=("newsletter_sign_up",),
    readdress=holding.readdress,
    erase=("newsletter_sign_up",),
)
