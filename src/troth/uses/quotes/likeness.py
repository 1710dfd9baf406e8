"""Who asked before: requests of the same address or company, found by keyed hash and never by the value."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from troth.collection.request_keys import Keys, keys_of
from troth.security import links
from troth.uses.quotes.models import QuoteRequest

REPEATED_WITHIN = timedelta(days=30)


def find_repeated(keys: Keys, *, product: str, at_utc: datetime) -> QuoteRequest | None:
    """The latest request of the same address for the same product within thirty days."""
    same = QuoteRequest.objects.filter(address_key=keys.address, product=product)
    return same.filter(received_utc__gt=at_utc - REPEATED_WITHIN).order_by("-received_utc").first()


def readdress(requests: Sequence[UUID], address: str) -> None:
    """Makes these requests findable by this address, and no longer by another or by an older form of it."""
    keys = keys_of(address)
    hers = QuoteRequest.objects.filter(pk__in=requests, address_key__isnull=False)
    hers.update(address_key=keys.address, company_key=keys.company)


def owners(quote: QuoteRequest) -> Mapping[str, str]:
    """Organization's key → the recipient who already looks after it; at most the one of this request.

    Counts requests whose mailed link was opened only: anyone can type an address of a company's domain."""
    if quote.company_key is None:
        return {}
    same = QuoteRequest.objects.filter(company_key=quote.company_key, state=QuoteRequest.OPEN)
    before = same.filter(pk__in=links.list_confirmed()).exclude(pk=quote.pk)
    latest = before.order_by("-received_utc").values_list("recipient", flat=True).first()
    return {organization(quote): latest} if latest else {}


def organization(quote: QuoteRequest) -> str:
    return bytes(quote.company_key).hex() if quote.company_key else ""
