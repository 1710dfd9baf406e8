"""Registered installations: who uses or owns which product in which release, as the form or our staff say it."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from uuid import UUID

from django.utils.translation import gettext as _

from troth.cases.models import CaseNumber
from troth.collection.forms.types.figures import day_or_moment
from troth.collection.forms.types.installed import divide
from troth.collection.request_keys import keys_of
from troth.desk.portal import MOST_PRODUCTS, ProductLine, RequestState
from troth.desk.receipts import RequestReceipt
from troth.site import site
from troth.uses.newsletter.models import Installation
from troth.uses.newsletter.topics import UPDATES

PLACE = "form.installation"
BY_STAFF = "staff.entry"


def record(
    values: Mapping[str, str], *, cause: UUID, person: UUID, place: str, version: int, at_utc: datetime
) -> Installation:
    """The installation, in the caller's transaction."""
    return Installation.objects.create(
        id=cause,
        number=f"I-{at_utc.year}-{CaseNumber.objects.create().pk:04d}",
        person_id=person,
        product=values["product"],
        release=divide(values.get("installation", ""))[1],
        maintained_until=_read_day(divide(values.get("maintenance", ""))[1]),
        place=place,
        version=version,
        address_key=keys_of(values["email"]).address,
        registered_utc=at_utc,
    )


def receipt(cause: UUID) -> RequestReceipt | None:
    """What the receipt page says; nothing if this room has no such request."""
    found = Installation.objects.filter(pk=cause).first()
    if found is None:
        return None
    heading = _("%(product)s is registered") % {"product": name(found)}
    lead = _("We notify you of patches and updates for it. You can turn off updates under Privacy choices.")
    return RequestReceipt(
        cause=found.id,
        number=found.number,
        received_utc=found.registered_utc,
        heading=heading,
        lead=lead,
        purpose=UPDATES,
    )


def list_products(people: Sequence[UUID]) -> Iterable[ProductLine]:
    """What they registered, for the tab of their products."""
    found = Installation.objects.filter(person__in=people, removed_utc=None).order_by("-registered_utc")
    for each in found[:MOST_PRODUCTS]:
        yield ProductLine(
            product=each.product,
            title=_("Installation %(number)s") % {"number": each.number},
            address="/account/preferences/",
            state=RequestState(_("registered"), "kept"),
            at_utc=each.registered_utc,
            details=describe(each),
        )


def describe(found: Installation) -> str:
    """The release, and until when it is maintained."""
    until = day_or_moment(found.maintained_until.isoformat()) if found.maintained_until else ""
    maintained = _("maintenance until %(day)s") % {"day": until} if until else ""
    return ", ".join(part for part in (found.release, maintained) if part)


def name(found: Installation) -> str:
    """OptiPro Process 12.4.0."""
    product = site().products.get(found.product)
    return f"{product.name if product else found.product} {found.release}".strip()


def _read_day(value: str) -> date | None:
    return date.fromisoformat(value.replace(".", "-")) if value else None
