"""Requests as colleagues of the person who made them see them."""

from collections.abc import Iterable, Sequence
from uuid import UUID

from django.utils.translation import gettext as _

from troth.cases.kinds import CaseKind
from troth.cases.models import Case
from troth.desk.room import SeenRow
from troth.words.codes import in_words


def list_seen(kind: CaseKind[object], organization: UUID, facts: Sequence[UUID]) -> Iterable[SeenRow]:
    """Those of a kind that came with these submissions, as far as the organization sees them."""
    for case in kind.rows().filter(Case.of_colleagues(organization), person__in=facts):
        words = {"number": case.number, "state": in_words(case.stage)}
        yield SeenRow(case.asker, case.received_utc, _("Request %(number)s: %(state)s") % words)
