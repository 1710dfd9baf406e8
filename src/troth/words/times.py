"""Since when something is in force."""

from datetime import date

from django.utils import timezone
from django.utils.translation import gettext


def announce(version: int, effective: date, shown: str) -> str:
    """That a version of the policy is in force, or will be where its day is still to come. `shown`: that day."""
    facts = {"version": version, "date": shown}
    if effective > timezone.localdate():
        return gettext("Version %(version)s of our privacy policy will be in force from %(date)s") % facts
    return gettext("Our privacy policy is now version %(version)s, in force since %(date)s") % facts


def describe_start(effective: date, shown: str) -> str:
    """Since when a version of the policy is in force; from when, where its day is still to come."""
    begun = effective <= timezone.localdate()
    return (gettext("in force since %(date)s") if begun else gettext("in force from %(date)s")) % {"date": shown}
