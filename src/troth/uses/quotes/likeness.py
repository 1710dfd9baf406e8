"""Who asked before: requests of the same address or company, found by keyed hash and never by the value."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from troth.collection.request_keys import Keys, keys_of
from troth.queries import PreparedQuery, Slot
from troth.security import links
from troth.uses.quotes.models import QuoteRequest

REPEATED_WITHIN = timedelta(days=30)
_SAME = PreparedQuery(
    lambda: QuoteRequest.objects.filter(
        address_key=Slot("address"), product=Slot("product"), received_utc__gt=Slot("after")
    ).order_by("-received_utc")[:1]
)
_LATEST: "PreparedQuery[tuple[str]]" = PreparedQuery(
    lambda: (
        QuoteRequest.objects.filter(company_key=Slot("company"), state=QuoteRequest.OPEN)
        .filter(pk__in=links.list_confirmed())
        .exclude(pk=Slot("but"))
        .order_by("-received_utc")
        .values_list("recipient")[:1]
    )
)


def find_repeated(keys: Keys, *, product: str, at_utc: datetime) -> QuoteRequest | None:
    """The latest request of the same address for the same product within thirty days."""
    return _SAME.first(address=keys.address, product=product, after=at_utc - REPEATED_WITHIN)


def readdress(requests: Sequence[UUID], address: str) -> None:
    """Makes these requests findable by this address, and no longer by another or by an older form of it."""
    keys = keys_of(address)
    theirs = QuoteRequest.objects.filter(pk__in=requests, address_key__isnull=False)
    theirs.update(address_key=keys.address, company_key=keys.company)


def owners(quote: QuoteRequest) -> Mapping[str, str]:
    """Organization's key → the recipient who already looks after it; at most the one of this request.

    Counts requests whose mailed link was opened only: anyone can type an address of a company's domain."""
    if quote.company_key is None:
        return {}
    found = _LATEST.first(company=quote.company_key, but=quote.pk)
    return {organization(quote): found[0]} if found and found[0] else {}


def organization(quote: QuoteRequest) -> str:
    return bytes(quote.company_key).hex() if quote.company_key else ""
