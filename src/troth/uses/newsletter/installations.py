"""Registered installations: who uses or owns which product in which release, as the form or our staff say it."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from troth import gate
from troth.cases.models import CaseNumber
from troth.collection.forms.types.figures import day_or_moment
from troth.collection.forms.types.installed import divide
from troth.collection.intake import Intake
from troth.collection.request_keys import keys_of
from troth.desk.done import DoneKind, DoneNotice, PerformedAct
from troth.desk.portal import MOST_PRODUCTS, ProductLine, RequestState
from troth.desk.receipts import RequestReceipt
from troth.policy.phrases import join_words
from troth.queries import PreparedQuery, Slot
from troth.site import site
from troth.uses.newsletter.entries import RemovedInstallation
from troth.uses.newsletter.models import Installation
from troth.uses.newsletter.topics import UPDATES
from troth.words.choices import PresentUse

PLACE = "form.installation"
BY_STAFF = "staff.entry"
REMOVED, RESTORED = "newsletter/removed", "newsletter/restored"
PAGE = "/account/products/"
_BY_ID = PreparedQuery(lambda: Installation.objects.filter(pk=Slot("id")))
_REGISTERED = PreparedQuery(
    lambda: Installation.objects.filter(person__any=Slot("people"), removed_utc=None).order_by("-registered_utc")[
        :MOST_PRODUCTS
    ]
)


def record(intake: Intake) -> Installation:
    """The installation, in the caller's transaction. Its license period runs until it is removed."""
    values = intake.values
    made = Installation.objects.create(
        id=intake.cause,
        number=CaseNumber.assign("I", intake.at_utc),
        person_id=intake.person,
        product=values["product"],
        release=divide(values.get("installation", ""))[1],
        maintained_until=read_day(divide(values.get("maintenance", ""))[1]),
        place=intake.place,
        version=intake.version,
        address_key=keys_of(values["email"]).address,
        registered_utc=intake.at_utc,
    )
    gate.note_license(intake.person, made.pk, ends_utc=None)
    return made


def receipt(cause: UUID) -> RequestReceipt | None:
    """What the receipt page says; nothing if this room has no such request."""
    found = _BY_ID.first(id=cause)
    if found is None:
        return None
    heading = _("%(product)s is registered") % {"product": name(found)}
    lead = _("We notify you of patches for it, and of updates unless you turn those off under Privacy choices.")
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
            details=_("Release %(release)s") % {"release": describe(each)} if each.release else describe(each),
            removes=str(each.pk),
        )


def find_present(people: Sequence[UUID]) -> PresentUse | None:
    """What they registered, for notices that no opt-out covers."""
    names = [*dict.fromkeys(map(name, _REGISTERED.list(people=[*people])))]
    if not names:
        return None
    told = _("You registered %(products)s.") % {"products": join_words(names, _)}
    ends = _("We notify you about patches until you remove it.")
    if len(names) > 1:
        ends = _("We notify you about patches until you remove them.")
    return PresentUse(told, ends, PAGE, _("Your products"))


def remove(people: Sequence[UUID], id: UUID) -> PerformedAct | None:
    """Their installation gone: no notice about it any longer. None for one that isn't theirs or is gone already."""
    now, theirs = timezone.now(), Installation.objects.filter(person__in=people)
    found = set_removed(theirs, id, removed=True, who="person", at_utc=now)
    return PerformedAct(REMOVED, [str(found.pk)], now, PAGE) if found else None


def _undo_removal(request: HttpRequest, act: PerformedAct) -> PerformedAct | None:
    now = timezone.now()
    found = set_removed(Installation.objects.all(), UUID(act.facts[0]), removed=False, who="person", at_utc=now)
    return PerformedAct(RESTORED, act.facts, now, PAGE) if found else None


def set_removed(
    among: "QuerySet[Installation]", id: UUID, *, removed: bool, who: str, at_utc: datetime
) -> Installation | None:
    """Removed or as before, with its entry in the person's history. None for one that is so already."""
    with transaction.atomic():
        found = among.select_for_update().filter(pk=id, removed_utc__isnull=removed).first()
        if found is None:
            return None
        found.removed_utc = at_utc if removed else None
        found.save(update_fields=["removed_utc"])
        gate.note_license(found.person_id, found.pk, ends_utc=found.removed_utc)
        payload = RemovedInstallation(number=found.number, product=found.product, removed=removed)
        gate.note(
            person=found.person_id,
            kind="newsletter/installation",
            purpose=UPDATES,
            who=who,
            cause=found.pk,
            payload=payload,
        )
    return found


def _tell_removed(request: HttpRequest, act: PerformedAct) -> DoneNotice | None:
    found = Installation.objects.filter(pk=act.facts[0]).first()
    if found is None:
        return None
    sentence = _("You removed %(what)s, installation %(number)s.") % {"what": name(found), "number": found.number}
    then = _("We no longer send you notices because of it. What you entered stays until its retention period ends.")
    return DoneNotice(sentences=(sentence,), then=then)


def _tell_restored(request: HttpRequest, act: PerformedAct) -> DoneNotice | None:
    found = Installation.objects.filter(pk=act.facts[0]).first()
    sentence = _("%(what)s is registered again.")
    return DoneNotice(sentences=(sentence % {"what": name(found)},), undoable=False) if found else None


DONE: Mapping[str, DoneKind] = {
    REMOVED: DoneKind(_tell_removed, _undo_removal),
    RESTORED: DoneKind(_tell_restored),
}


def describe(found: Installation) -> str:
    """The release, and until when it is maintained."""
    until = day_or_moment(found.maintained_until.isoformat()) if found.maintained_until else ""
    maintained = _("maintenance until %(day)s") % {"day": until} if until else ""
    return ", ".join(part for part in (found.release, maintained) if part)


def name(found: Installation) -> str:
    """OptiPro Process 12.4.0."""
    return f"{site().name_product(found.product) or found.product} {found.release}".strip()


def read_day(value: str) -> date | None:
    """The day of a kept value, in ISO's form or with dots."""
    return date.fromisoformat(value.replace(".", "-")) if value else None
