"""Who a visitor is behind the proxies that the operator named: without this, all of them would share one rate limit.

    TROTH_PROXIES=127.0.0.1,10.0.0.0/8
    REMOTE_ADDR 127.0.0.1, X-Forwarded-For: 192.0.2.1, 203.0.113.9, 10.0.0.4   →   203.0.113.9

Read from the right, where our own proxies wrote: what is left of the first strange address, anyone could invent.
"""

import ipaddress
from collections.abc import Callable, Sequence

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase

from troth.environment import Network

Address = ipaddress.IPv4Address | ipaddress.IPv6Address


def believe_proxies(answer: Callable[[HttpRequest], HttpResponseBase]) -> Callable[[HttpRequest], HttpResponseBase]:
    """Puts the visitor's own address where every other part looks for it."""

    def with_address(request: HttpRequest) -> HttpResponseBase:
        request.META["REMOTE_ADDR"] = visitor(
            str(request.META.get("REMOTE_ADDR", "")),
            str(request.META.get("HTTP_X_FORWARDED_FOR", "")),
            proxies=settings.TROTH_PROXIES,
        )
        return answer(request)

    return with_address


def visitor(sender: str, forwarded: str, *, proxies: Sequence[Network]) -> str:
    """The right-most address that is not a proxy's; of those that no proxy can have written, none is looked at.

    Gives   the last proxy believed, if what it wrote is no address: its visitors then share a limit."""
    if not proxies:
        return sender
    found = sender
    for hop in (sender, *(hop.strip() for hop in reversed(forwarded.split(",")))):
        address = _address(hop)
        if address is None:
            break
        found = str(address)
        if not any(address in network for network in proxies):
            break
    return found


def _address(text: str) -> Address | None:
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return None
    # A server that listens on both writes an old address in the new form.
    return getattr(address, "ipv4_mapped", None) or address
