"""What the policy promises to do within a time: the only place where pages and emails take such a time from.

Where no rule states it, nothing is promised: the page leaves the time out, and staff work by a target of our own.
"""

from datetime import datetime

from django.utils.translation import gettext as _

from troth import in_force
from troth.catalog import deadlines
from troth.policy.lengths import Duration
from troth.policy.phrases import time_words
from troth.site import site

TARGET = Duration(2, "business day")
"""By when staff answer what the policy sets no time for. Nobody outside sees it."""


def find_promise(promise: str) -> Duration | None:
    """Within which time; None where the policy in force does not say."""
    stated = in_force.policy().promises.get(promise)
    return stated.within if stated else None


def in_words(time: Duration) -> str:
    """2 business days."""
    return time_words(time, _)


def answer_due(promise: str, received_utc: datetime) -> datetime:
    """When what came in then has to be answered: as promised, else by our own target."""
    brand = site().brand
    return deadlines.due(received_utc, find_promise(promise) or TARGET, brand.zone, brand.calendar)
