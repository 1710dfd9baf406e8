"""Numbers and days."""

from datetime import datetime, tzinfo
from functools import lru_cache

from django import forms
from django.utils import formats, timezone
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from troth.collection.forms.types.base import Asked, KindType, Persona
from troth.policy.terms import Kind


def _number(asked: Asked) -> forms.Field:
    # A spinner invites wheel accidents; the digits' keyboard is what helps on a phone.
    widget = forms.TextInput(attrs={"inputmode": "numeric"})
    return forms.IntegerField(min_value=1, max_value=1_000_000, widget=widget)


def _date(asked: Asked) -> forms.Field:
    return forms.DateField(widget=forms.DateInput(attrs={"type": "date"}))


def _no_number() -> str:
    return _("Enter a whole number, such as 25.")


def _no_date() -> str:
    return _("Enter a date as year, month and day, such as 2026-11-23.")


def day_or_moment(value: str) -> str:
    """Nov 20, 2026 for a day, with hour and zone for a moment."""
    try:
        at = parse_datetime(value) if len(value) > len("2026-11-20") else None
        day = parse_date(value)
    except ValueError:
        return value
    if at is not None:
        return moment(at)
    return value if day is None else formats.date_format(day, pgettext("date format: Nov 20, 2026", "M j, Y"))


def moment(at: datetime) -> str:
    """For example Nov 20, 2026, 2:02 PM PST."""
    local = timezone.localtime(at) if timezone.is_aware(at) else timezone.make_aware(at)
    return format_time(local, pgettext("date format: Nov 20, 2026, 2:02 PM PST", "M j, Y, g:i A T"))


def format_time(at: datetime, pattern: str, zone: tzinfo | None = None) -> str:
    """A time by a pattern of Django's, in the zone of the page or in the one given.

    Each is written once and remembered, for the times of one page are often the same."""
    return _format(at, pattern, zone or timezone.get_current_timezone(), get_language())


@lru_cache(maxsize=4_096)
def _format(at: datetime, pattern: str, zone: tzinfo, language: str | None) -> str:
    return formats.date_format(timezone.localtime(at, zone), pattern)


def _words(kind: Kind, value: str) -> str:
    return day_or_moment(value)


def _invent_number(kind: Kind, persona: Persona) -> str:
    return persona.users


NUMBER = KindType(id="number", field=_number, invalid=_no_number, invent=_invent_number)
DATE = KindType(id="date", field=_date, words=_words, invalid=_no_date)
