"""The index of all rooms, in the order of menus and lists. A new room is one line here."""

from troth.access.account.room import ROOM as account
from troth.access.copy.room import ROOM as copy
from troth.access.organization.room import ROOM as organization
from troth.access.portal.room import ROOM as portal
from troth.access.preferences.room import ROOM as preferences
from troth.access.procedures.room import ROOM as procedures
from troth.access.profile.room import ROOM as profile
from troth.access.requests.room import ROOM as requests
from troth.access.room import ROOM as access
from troth.access.sources.room import ROOM as sources
from troth.california.room import ROOM as california
from troth.deliveries.room import ROOM as deliveries
from troth.drp.room import ROOM as drp
from troth.inbox.room import ROOM as inbox
from troth.updates.room import ROOM as updates
from troth.uses.inquiries.room import ROOM as inquiries
from troth.uses.newsletter.room import ROOM as newsletters
from troth.uses.quotes.room import ROOM as quotes
from troth.uses.support.room import ROOM as support

ROOMS = (
    quotes,
    inquiries,
    newsletters,
    support,
    access,
    portal,
    account,
    preferences,
    profile,
    organization,
    requests,
    copy,
    california,
    sources,
    procedures,
    drp,
    inbox,
    deliveries,
    updates,
)
