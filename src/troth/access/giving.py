"""Receipts as files: of ledger entries, and of choices."""

import logging
from collections.abc import Collection
from uuid import UUID

from django.conf import settings
from django.http import HttpResponse
from django.utils.translation import gettext as _

from troth import in_force
from troth.access import actions
from troth.access.consents import consent_receipts
from troth.headers import save_as
from troth.notes import NoteProblem
from troth.records.ledger.checkpoints import LedgerRefused

_log = logging.getLogger(__name__)


def give_receipts(people: Collection[UUID], *, entry: str) -> HttpResponse:
    """Receipts to keep and to verify without us: of all entries, or of the one that is named."""
    try:
        file = actions.receipts_of_entries(people, entry=entry)
    except (LedgerRefused, NoteProblem) as refused:
        _log.error("No receipt is given: %s", refused)
        sentence = _(
            "We can’t create a receipt now because the ledger doesn’t verify. We’ve been alerted and are "
            "looking into it."
        )
        return HttpResponse(sentence, status=503, content_type="text/plain; charset=utf-8")
    if not file:
        sentence = _("The receipt isn’t ready yet. It takes a few seconds: go back and try again.")
        return HttpResponse(sentence, status=409, content_type="text/plain; charset=utf-8")
    return save_as(HttpResponse(file, content_type="application/json"), "receipts.json")


def give_consents(people: Collection[UUID]) -> HttpResponse:
    """Receipts of their choices for other programs: ISO/IEC TS 27560 as JSON-LD."""
    file = consent_receipts(actions.entries_of(people), in_force.law(), base=settings.TROTH_BASE_URL)
    if not file:
        sentence = _("You haven’t made any choices yet, so there is no receipt.")
        return HttpResponse(sentence, status=409, content_type="text/plain; charset=utf-8")
    return save_as(HttpResponse(file, content_type="application/ld+json"), "choices.jsonld")
