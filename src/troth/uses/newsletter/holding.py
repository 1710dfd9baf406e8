"""What this room holds about someone besides their values, for their copy."""

from collections.abc import Iterable, Sequence
from uuid import UUID

from django.utils.translation import gettext as _

from troth.collection.forms.types.installed import divide
from troth.collection.request_keys import keys_of
from troth.desk.holding import HeldRow, RoomHolding
from troth.queries import PreparedQuery, Slot
from troth.uses.newsletter import installations
from troth.uses.newsletter.models import Installation, SignUp
from troth.uses.newsletter.topics import title_of
from troth.words.values import moment

_SIGN_UPS = PreparedQuery(lambda: SignUp.objects.filter(person=Slot("person")).order_by("asked_utc"))
_INSTALLATIONS = PreparedQuery(lambda: Installation.objects.filter(person=Slot("person")).order_by("registered_utc"))


def list_held(person: UUID) -> Iterable[HeldRow]:
    """Their sign-ups and installations, oldest first."""
    for found in _SIGN_UPS.list(person=person):
        confirmed = moment(found.confirmed_utc) if found.confirmed_utc else _("Not confirmed")
        facts = ((_("Asked for"), moment(found.asked_utc)), (_("Confirmed"), confirmed))
        title = title_of(found.topic, found.purpose)
        yield HeldRow(_("Newsletter: %(topic)s") % {"topic": title} if found.topic else title, facts)

    for each in _INSTALLATIONS.list(person=person):
        removed = [(_("Removed"), moment(each.removed_utc))] if each.removed_utc else []
        known = [(_("Registered"), moment(each.registered_utc)), (_("Release"), installations.describe(each)), *removed]
        yield HeldRow(_("Installation: %(product)s") % {"product": installations.name(each)}, known)


HELD = RoomHolding(list_held, (_SIGN_UPS, _INSTALLATIONS))


def correct(request: UUID, kind: str, value: str) -> None:
    """Notices are about what is installed as its customer has corrected it."""
    theirs = Installation.objects.filter(pk=request)
    if kind == "product":
        theirs.update(product=value)
    elif kind == "installation":
        theirs.update(release=divide(value)[1])
    elif kind == "maintenance":
        theirs.update(maintained_until=installations.read_day(divide(value)[1]))


def readdress(requests: Sequence[UUID], address: str) -> None:
    """Makes these requests belong to this address, so that one address gets each issue once."""
    for table in (SignUp, Installation):
        table.objects.filter(pk__in=requests).update(address_key=keys_of(address).address)
