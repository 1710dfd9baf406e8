"""For a demonstration: an incident whose 72 hours run, a hold that waits for two people, and data whose time ends."""

from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext as _

from troth import gate, in_force
from troth.access.procedures import hold, incident
from troth.cases.clocks import months_before
from troth.cases.models import Case
from troth.catalog import load_cast
from troth.collection.demo import at_time, by_day, keep_invented, make_address
from troth.collection.demo_staff import acting_as
from troth.security.actors import identify_staff

_PLACE, _MONTHS = "form.contact", 24
"""A form, and how long the policy keeps what comes by it after the last contact."""
_ENDED, _ENDS = (26, 26, 17, 9, 9, 9, 3), (1, 3, 3, 6, 11, 12, 18, 18, 22, 27)
"""For each person whose data was deleted, or will be: how many days ago, or in how many."""
_FIRST = ("Agnes", "Boris", "Clara", "Desmond", "Edith", "Felix")
_LAST, _DOMAIN = ("Amberg", "Bolton", "Castle"), "old-mill-machining.example"


def seed(now_utc: datetime) -> None:
    """The incident is known for less than an hour, with one step done; the hold waits for two people."""
    if _PLACE in in_force.policy().collects:
        _end_some(now_utc)
    cast = load_cast(Path(settings.TROTH_SITE), checked=False).cast
    staff = cast.first_staff("privacy") if cast is not None else None
    if staff is not None:
        with acting_as(staff.username):
            _begin(identify_staff(staff.username), now_utc)


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


def _end_some(now_utc: datetime) -> None:
    """People wrote once, long ago. The data of the first ones was deleted on its day, the others' ends within weeks."""
    days = (*(-each for each in _ENDED), *_ENDS)
    names = [f"{first} {last}" for last in _LAST for first in _FIRST]
    for name, ends_utc in zip(names, [now_utc + timedelta(days=each) for each in days], strict=False):
        wrote_utc = by_day(months_before(ends_utc, _MONTHS))
        address, note = make_address(name, _DOMAIN), _("Do you offer training at our plant?")
        values = {"name": name, "email": address, "company": "Old Mill Machining", "note": note}
        with at_time(wrote_utc):
            keep_invented(_PLACE, values, at_utc=wrote_utc, cause=gate.new_id())
    for each in sorted(set(_ENDED), reverse=True):
        with at_time(now_utc - timedelta(days=each - 1)):  # at whatever hour of the day it ended
            gate.expire()
