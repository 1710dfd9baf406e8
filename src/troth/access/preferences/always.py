"""What no opt-out covers, and which of someone's open requests and products it is about."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from uuid import UUID

from django.utils.translation import gettext as _

from troth.cases.kinds import kind_of
from troth.cases.models import Case
from troth.desk import index
from troth.markup import format_html
from troth.queries import PreparedQuery, Slot
from troth.words.choices import AlwaysOn, PresentUse

_OPEN = PreparedQuery(
    lambda: (
        Case.objects.filter(person__any=Slot("people"), state__in=Case.LIVING)
        .order_by("-number")
        .only("number", "kind")
    )
)


def find_uses(people: Sequence[UUID]) -> Mapping[str, tuple[PresentUse, ...]]:
    """Purpose → what it is about now.   Cost  1 query, and those of rooms that know of something"""
    numbers: dict[str, list[str]] = {}
    for case in _OPEN.list(people=[*people]):
        numbers.setdefault(kind_of(case).purpose, []).append(case.number)
    found = {purpose: [_tell_open(its)] for purpose, its in numbers.items()}
    for purpose, use in index.list_present(people):
        found.setdefault(purpose, []).append(use)
    return {purpose: tuple(uses) for purpose, uses in found.items()}


def add_uses(always: Iterable[AlwaysOn], found: Mapping[str, tuple[PresentUse, ...]]) -> list[AlwaysOn]:
    return [replace(each, uses=found.get(each.purpose.id, ())) for each in always]


def _tell_open(numbers: Sequence[str]) -> PresentUse:
    """How many are open, and the latest as a link."""
    latest = format_html('<a class="nowrap" href="/account/requests/{number}/">{number}</a>', number=numbers[0])
    if len(numbers) == 1:
        told, ends = (
            format_html(_("You have one open request, {}."), latest),
            _("We email you about it until it’s closed."),
        )
    else:
        told = format_html(_("You have {} open requests, such as {}."), len(numbers), latest)
        ends = _("We email you about them until they’re closed.")
    return PresentUse(told, ends, "/account/requests/", _("Your requests"))
