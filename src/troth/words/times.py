"""Times as people read them. Each is written once and remembered, for the times of one page are often the same."""

from datetime import date, datetime, tzinfo
from functools import lru_cache

from django.utils import formats, timezone
from django.utils.translation import get_language, gettext


def format_time(at: datetime, pattern: str, zone: tzinfo | None = None) -> str:
    """A time by a pattern of Django's, in the zone of the page or in the one given."""
    return _format(at, pattern, zone or timezone.get_current_timezone(), get_language())


def describe_start(effective: date, shown: str) -> str:
    """Since when a version of the policy is in force; from when, where its day is still to come."""
    begun = effective <= timezone.localdate()
    return (gettext("in force since %(date)s") if begun else gettext("in force from %(date)s")) % {"date": shown}


@lru_cache(maxsize=4_096)
def _format(at: datetime, pattern: str, zone: tzinfo, language: str | None) -> str:
    return formats.date_format(timezone.localtime(at, zone), pattern)
