"""What is stored as people read it: the product's name instead of its key, a sentence instead of a reason's code."""

from collections.abc import Sequence
from datetime import datetime

import phonenumbers
from django.utils import formats, timezone
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from troth import catalog
from troth.collection.forms.places import country_name, state_name
from troth.collection.site import site
from troth.policy.phrases import REASONS
from troth.policy.terms import Kind, Policy


def in_words(kind: Kind, value: str) -> str:
    """The value in words; the value itself where it is words already, or where the catalog no longer has it."""
    if kind.id == "time":
        return _moment(value)
    match kind.type:
        case "product":
            product = site().products.get(value)
            return product.name if product else value
        case "edition":
            found = (product.edition(value) for product in site().products.values())
            return next((edition.name for edition in found if edition), value)
        case "country":
            return country_name(value)
        case "state":
            return state_name(value)
        case "choice":
            return _choice(kind, value)
        case "yes or no":
            return {"yes": _("Yes"), "no": _("No")}.get(value, value)
        case "date":
            return _moment(value)
        case "phone":
            return _phone(value)
    return value


def in_sentence(title: str) -> str:
    """The title inside a sentence: "E-mail" becomes small, "ZIP code" does not."""
    return title[:1].lower() + title[1:] if title[1:2].islower() or title[1:2] == "-" else title


def kinds_in_words(policy: Policy, kinds: Sequence[str]) -> str:
    """name, e-mail, company and note"""
    order = {kind: place for place, kind in enumerate(policy.kinds)}
    known = sorted(kinds, key=lambda kind: order.get(kind, len(order)))
    titles = [in_sentence(policy.kinds[kind].title) if kind in order else kind for kind in known]
    if len(titles) < 2:
        return "".join(titles)
    return _("%(first)s and %(last)s") % {"first": ", ".join(titles[:-1]), "last": titles[-1]}


def why_in_words(stored: str) -> str:
    """Why somebody got a request, or what keeps it from being placed; an old sentence as it stands."""
    return catalog.sentence_of(stored, _)


def refusal_in_words(code: str) -> str:
    """Why the policy does not allow a use, by the code of the law's decision."""
    return _(REASONS[code]) if code in REASONS else code


def _phone(value: str) -> str:
    """+1 559-555-0134 ext. 12 for +15595550134;ext=12"""
    try:
        number = phonenumbers.parse(value)
    except phonenumbers.NumberParseException:
        return value
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.INTERNATIONAL)


def _choice(kind: Kind, value: str) -> str:
    """The policy lists most choices in the words that people read; what we need to tell apart has codes."""
    if kind.id != "need":
        return value
    return {"quote": _("A quote"), "service": _("Service")}.get(value, value)


def _moment(value: str) -> str:
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
    """Nov 20, 2026, 2:02 PM PST"""
    local = timezone.localtime(at) if timezone.is_aware(at) else timezone.make_aware(at)
    return formats.date_format(local, pgettext("date format: Nov 20, 2026, 2:02 PM PST", "M j, Y, g:i A T"))
