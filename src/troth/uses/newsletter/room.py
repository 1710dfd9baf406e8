from django.utils.translation import gettext_lazy as _

from troth.desk.room import DeskEntry, MenuEntry, Part, Room
from troth.outbox.emails import Email, EmailKind, MailLane
from troth.security.entrances import Entrance
from troth.uses.newsletter import (
    actions,
    choosing,
    demo,
    desk,
    desk_views,
    holding,
    installations,
    issues,
    telling,
    waiting,
)
from troth.uses.newsletter.entries import ENTRIES
from troth.uses.newsletter.topics import (
    CONFIRMATIONS,
    CONFIRMED,
    COVERED,
    FIXES,
    NOTICES,
    PURPOSE,
    SIGNED_UP,
    UNCONFIRMED,
    UPDATES,
)

ROOM = Room(
    name="newsletter",
    purposes=(PURPOSE, NOTICES, CONFIRMATIONS, UPDATES),
    takes={**dict.fromkeys(SIGNED_UP, actions.record), installations.PLACE: installations.record},
    urls="troth.uses.newsletter.urls",
    pages=(
        MenuEntry(
            "newsletters",
            "/newsletters/",
            _("Newsletters"),
            place=UNCONFIRMED,
            form="form.news",
            footer=True,
        ),
        MenuEntry(
            "installation",
            "/installations/register/",
            _("Register an installation"),
            place=COVERED,
            form=installations.PLACE,
        ),
        MenuEntry(
            "notices", "/policy/notices/", _("Notices about our privacy policy"), place=CONFIRMED, form="form.notices"
        ),
    ),
    parts=(
        Part("home.links", "newsletter/parts/home.html"),
        Part("product", "newsletter/parts/product.html"),
        Part("policy versions", "newsletter/parts/policy.html"),
        Part("console work", "newsletter/parts/work.html", waiting.tell_work),
    ),
    present={FIXES: installations.find_present},
    products=installations.list_products,
    remove_product=installations.remove,
    done=installations.DONE,
    resumes=actions.welcome_after_pause,
    confirms=dict.fromkeys(SIGNED_UP.values(), choosing.ask_confirmation),
    topics={PURPOSE: telling.tell_newsletters, UPDATES: telling.tell_products},
    entrances={Entrance.NEWSLETTER: "/newsletters/confirm/{token}/"},
    receipt=actions.receipt,
    emails=(
        Email(
            "confirm",
            _("confirmation of a sign-up"),
            CONFIRMATIONS,
            facts=actions.ConfirmFacts,
            lane=MailLane.CASE,
        ),
        Email(
            "issue",
            _("newsletter"),
            PURPOSE,
            EmailKind.MARKETING,
            facts=issues.IssueFacts,
            content=issues.content_of,
            stopped=issues.note_stopped,
            ended=issues.note_ended,
        ),
        Email(
            "update",
            _("notice about a product"),
            UPDATES,
            facts=issues.IssueFacts,
            content=issues.content_of,
            stopped=issues.note_stopped,
            ended=issues.note_ended,
        ),
        Email("welcome", _("newsletter welcome"), PURPOSE, EmailKind.MARKETING, facts=actions.WelcomeFacts),
    ),
    entries=ENTRIES,
    abouts=telling.list_abouts,
    held=holding.HELD,
    tables=("newsletter_sign_up", "newsletter_installation"),
    apart={"newsletter_recipient": "each email sent to a person is in that person's history"},
    desk_urls="troth.uses.newsletter.desk_urls",
    acts={
        issues.ASKED: _("Asked for the approval of a notice"),
        issues.APPROVED: _("Approved a notice"),
        issues.RETURNED: _("Returned a notice without approval"),
        issues.SCHEDULED: _("Scheduled a newsletter issue"),
        issues.UNSCHEDULED: _("Returned an issue to draft"),
        issues.STOPPED: _("Stopped an issue that was being sent"),
        issues.RESUMED: _("Resumed an issue that was stopped"),
    },
    exports={desk_views.EXPORTED: _("a newsletter’s report")},
    desk=(DeskEntry("/console/newsletters/", _("Newsletters"), desk.may_write),),
    demo=demo.seed,
    demo_after=demo.confirm,
    demo_sends=demo.send_latest,
    readdress=holding.readdress,
    erase=("newsletter_sign_up", "newsletter_recipient", "newsletter_installation"),
)
