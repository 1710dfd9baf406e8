from django.utils.translation import gettext_lazy as _

from troth.access.organization import actions, holding
from troth.access.organization.done import DONE
from troth.access.organization.entries import ENTRIES, names_of
from troth.desk.portal import PortalTab
from troth.desk.room import Room
from troth.outbox.emails import Email, EmailKind, at_once

_NAMES = ("agreed", "asked", "invited", "refused", "removed", "role")

ROOM = Room(
    name="organization",
    done=DONE,
    purposes=(actions.PURPOSE,),
    places=("form.invitation",),
    urls="troth.access.organization.urls",
    tabs=(PortalTab("/organization/", _("Organization"), 50),),
    emails=tuple(
        Email(
            name,
            _("organization update"),
            actions.PURPOSE,
            EmailKind.SECURITY,
            at_once("membership changed"),
            facts=actions.OrganizationFacts,
        )
        for name in _NAMES
    ),
    entries=ENTRIES,
    names=names_of,
    held=holding.HELD,
    tables=("membership",),
    apart={
        "join_request": "asking to join and what came of it are in the person's history",
        "invitation": "being invited and what came of it are in the person's history",
        "shared_fact": "what a person shares is in that person's history",
    },
    erase=("membership", "join_request", "invitation", "shared_fact"),
)
