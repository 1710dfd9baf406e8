"""One incident for a demonstration, whose 72 hours run, and a legal hold that waits for two people."""

from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext as _

from troth.access.procedures import hold, incident
from troth.cases.models import Case
from troth.catalog import load_cast
from troth.collection.demo_staff import acting_as


def seed(now_utc: datetime) -> None:
    """The incident is known for less than an hour, with one step done; the hold waits for two people."""
    cast = load_cast(Path(settings.TROTH_SITE), checked=False).cast
    staff = cast.first_staff("privacy") if cast is not None else None
    if staff is not None:
        with acting_as(staff.username):
            _begin(f"staff:{staff.username}", now_utc)


def _begin(who: str, now_utc: datetime) -> None:
    known, words = now_utc - timedelta(minutes=50), _("A laptop with a list of customers was left on a train.")
    case = incident.begin(words=words, kinds=["company", "name"], people=412, known_utc=known, who=who, at_utc=now_utc)
    incident.note_step(
        case, "contain", words=_("The laptop was locked and its sign-ins ended."), who=who, at_utc=now_utc
    )
    asked = Case.objects.exclude(person=None).order_by("received_utc").first()
    if asked is not None:
        hold.ask_hold(
            people=[asked.asker],
            kinds=[],
            words=_("Dispute about the delivery of an order in May"),
            review=now_utc + timedelta(days=hold.REVIEWS[1]),
            secret_until=None,
            who=who,
            at_utc=now_utc,
        )
