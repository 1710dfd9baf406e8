"""What happens with a request for a quote: T1 received, T2 granted, T3 passed on."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from troth import gate, outbox
from troth.catalog import routing
from troth.catalog.site import Site
from troth.collection import forms
from troth.security import links
from troth.uses.quotes import deadlines, duplicates
from troth.uses.quotes.models import QuoteNumber, QuoteRequest

PURPOSE = "quotes"
PROGRAM = "program:routing"


@dataclass(frozen=True)
class Received:
    """What the visitor is shown next: the private link of her receipt."""

    request: UUID
    receipt: links.Link


def receive(form: forms.PolicyForm, *, at_utc: datetime) -> Received:
    """T1: the data kept, the request received and its job queued, in one transaction.

    Raises  AlreadySent, with the receipt of the first time, for a form that was sent before."""
    from troth.uses.quotes import jobs

    request, receipt = gate.new_id(), gate.new_id()
    with transaction.atomic():
        forms.spend(form.nonce, form=form.collect.id, receipt=receipt)
        kept = forms.take(form, request=request, at_utc=at_utc)
        quote = _received(form, request=request, person=kept.person, at_utc=at_utc)
        link = links.make(link=receipt, person=kept.person, power=links.Link.MASKED, request=request, at_utc=at_utc)
        jobs.route.defer(quote=str(quote.id))
    return Received(request=request, receipt=link)
