"""Stored values in words: the product's name instead of its key, a sentence instead of a reason's code."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.utils import timezone
from django.utils.translation import gettext as _

from troth import catalog
from troth.collection.forms.types import TYPES
from troth.collection.forms.types.figures import day_or_moment, format_time, moment
from troth.policy.phrases import REASONS, join_words
from troth.policy.terms import Kind, Policy
from troth.records.law.versions import policy
from troth.site import site

__all__ = [
    "MOST_NAMED",
    "describe_for_file",
    "in_sentence",
    "in_words",
    "kinds_in_words",
    "last_day",
    "last_moment",
    "moment",
    "refusal_in_words",
    "why_in_words",
]


def in_words(kind: Kind, value: str) -> str:
    """The value in words; the value itself where it is words already, or where the catalog no longer has it."""
    if kind.id == "time":
        return day_or_moment(value)
    return TYPES[kind.type].words(kind, value)


def describe_for_file(kind: str, value: str) -> str:
    """The value as it may leave in a file for programs: of files, their names, sizes and hashes."""
    stated = policy().kinds.get(kind)
    return TYPES[stated.type].said(value) if stated else value


def in_sentence(title: str) -> str:
    """The title inside a sentence: "Email" becomes lower case, "ZIP code" does not."""
    return title[:1].lower() + title[1:] if title[1:2].islower() or title[1:2] == "-" else title


MOST_NAMED = 4
"""More kinds than these are counted in a sentence of a history, and named beneath it."""


def kinds_in_words(policy: Policy, kinds: Sequence[str]) -> str:
    """For example "name, email, company and note"."""
    known = sorted(kinds, key=lambda kind: policy.order.get(kind, len(policy.order)))
    titles = [in_sentence(policy.kinds[kind].title) if kind in policy.kinds else kind for kind in known]
    return join_words(titles, _)


def last_day(at_utc: datetime) -> str:
    """The day that ends there, where the vendor is."""
    return format_time(last_moment(at_utc), "D, M j, Y, T", site().brand.zone)


def last_moment(at_utc: datetime) -> datetime:
    """The minute before a midnight where the vendor is; any other time as it is.

    Midnight ends a day: shown as the start of the next one, it would be read as a day later."""
    local = timezone.localtime(at_utc, site().brand.zone)
    return at_utc - timedelta(minutes=1) if (local.hour, local.minute) == (0, 0) else at_utc


def why_in_words(stored: str) -> str:
    """Why a recipient got a request, or why nobody could be assigned; older sentences unchanged."""
    return catalog.sentence_of(stored, _)


def refusal_in_words(code: str) -> str:
    """Why the policy does not allow a use, by the code of the law's decision."""
    return _(REASONS[code]) if code in REASONS else code
