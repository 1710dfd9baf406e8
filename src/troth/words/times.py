"""Since when an adopted version of the policy is in force. A terminal adopts at once, also before its date."""

from datetime import date

from django.utils import timezone
from django.utils.translation import gettext


def announce(version: int, effective: date, shown: str, *, coming: bool = False) -> str:
    """That an adopted version of the policy is in force, or will be. `shown`: its date."""
    facts = {"version": version, "date": shown}
    if coming:
        return gettext("Version %(version)s of our privacy policy takes effect on %(date)s") % facts
    if effective > timezone.localdate():
        return gettext("Our privacy policy is now version %(version)s, dated %(date)s") % facts
    return gettext("Our privacy policy is now version %(version)s, in force since %(date)s") % facts


def describe_start(effective: date, shown: str) -> str:
    """Since when an adopted version of the policy is in force; its date, where that is still to come."""
    begun = effective <= timezone.localdate()
    return (gettext("in force since %(date)s") if begun else gettext("in force, dated %(date)s")) % {"date": shown}
