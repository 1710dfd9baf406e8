"""Requests as colleagues of the people who made them see them."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from django.utils.translation import gettext as _

from troth.cases.kinds import outward
from troth.cases.models import Case
from troth.words.codes import in_words


def list_seen(organization: UUID, facts: Sequence[UUID]) -> Mapping[UUID, list[str]]:
    """Fact → the requests made with it that the organization sees, oldest first.   Cost  1 query."""
    found: dict[UUID, list[str]] = {}
    seen = Case.objects.filter(Case.of_colleagues(organization), person__in=facts, kind__in=outward())
    for case in seen.order_by("received_utc"):
        words = {"number": case.number, "state": in_words(case.stage)}
        found.setdefault(case.asker, []).append(_("Request %(number)s: %(state)s") % words)
    return found
