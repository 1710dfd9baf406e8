"""Until when a value is kept, in words: the date if known, else the ongoing event and the time after it."""

from datetime import UTC, datetime, tzinfo
from functools import lru_cache

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from troth.collection.forms.types.figures import format_time
from troth.policy.phrases import time_words
from troth.policy.terms import Retention
from troth.site import site


def describe_end(kept: Retention | None, until_utc: datetime | None) -> str:
    """Kept until 26 Nov 2028, 24 months after our last contact.

    Takes   kept: the rule of the law in force; until_utc: what follows from it now, None while something goes on.
            A time that has passed is that of data about to be deleted, or kept for a legal hold alone."""
    if until_utc is not None and until_utc <= datetime.now(UTC):
        return _("No longer used since %(day)s") % {"day": _day(until_utc, site().brand.zone)}
    return _describe(kept, until_utc, site().brand.zone, get_language())


@lru_cache(maxsize=1_024)
def _describe(kept: Retention | None, until_utc: datetime | None, zone: tzinfo, language: str | None) -> str:
    """The sentence. Of five hundred values most end on one of a few days."""
    if kept is None:
        return _("Kept until %(day)s") % {"day": _day(until_utc, zone)} if until_utc else ""
    sentence = _goes_on(kept) if until_utc is None else _ends(kept)
    return sentence % {"day": _day(until_utc, zone), "time": time_words(kept.time, _)}


def _goes_on(kept: Retention) -> str:
    match kept.after:
        case "account":
            return _("Kept while you have an account, then %(time)s")
        case "request":
            return _("Kept while your request is open, then %(time)s")
        case "license period":
            return _("Kept while your license runs, then %(time)s")
    return _("Kept for %(time)s")  # a collection and a contact are moments: they have an end


def _ends(kept: Retention) -> str:
    match kept.after:
        case "collection":
            return _("Kept until %(day)s, %(time)s after you gave it")
        case "request":
            return _("Kept until %(day)s, %(time)s after your request")
        case "last contact":
            return _("Kept until %(day)s, %(time)s after our last contact")
        case "account":
            return _("Kept until %(day)s, %(time)s after your account ended")
        case "license period":
            return _("Kept until %(day)s, %(time)s after your license ended")


def _day(at_utc: datetime | None, zone: tzinfo) -> str:
    """In the vendor's time zone, like all dates on pages."""
    return format_time(at_utc, "M j, Y", zone) if at_utc else ""
