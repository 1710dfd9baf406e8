"""Since when something is in force."""

from datetime import date

from django.utils import timezone
from django.utils.translation import gettext


def describe_start(effective: date, shown: str) -> str:
    """Since when a version of the policy is in force; from when, where its day is still to come."""
    begun = effective <= timezone.localdate()
    return (gettext("in force since %(date)s") if begun else gettext("in force from %(date)s")) % {"date": shown}
