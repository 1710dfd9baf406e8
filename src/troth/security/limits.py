"""Limits on how often one network or name may try, instead of a captcha.

An address is cut to its network (/24, /48). Network or name is then hashed with a secret of the day that is destroyed
with the day.
"""

import hmac
import ipaddress
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.db.models import F, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _

from troth.addresses import compare_loosely
from troth.queries import PreparedQuery, Slot, store_or_add
from troth.security.models import RateCount, RateSalt


class TooMany(Exception):
    """Too many tries: the message tells the person how long to wait."""


@dataclass(frozen=True)
class Limit:
    what: str
    times: int
    within: timedelta


OPENED = Limit("form opened", 600, timedelta(hours=1))
SENT = Limit("form sent", 60, timedelta(hours=1))
SIGN_IN = Limit("sign in", 60, timedelta(minutes=15))
SIGN_IN_AS = Limit("sign in as", 10, timedelta(minutes=15))
SIGN_IN_AS_HERE = Limit("sign in as, from one network", 3, timedelta(minutes=15))
PAST_THE_LIMIT = Limit("sign in as, past the limit", 100, timedelta(days=1))


def within(limit: Limit, *, address: str, at_utc: datetime) -> None:
    """Counts one more of this network; raises TooMany past the limit. The address itself is not stored."""
    wait = _count(limit, network(address), at_utc)
    if wait:
        raise TooMany(
            _(
                "We received too many forms from your network, so nothing was saved. Try again in %(minutes)s "
                "minutes, or email us."
            )
            % {"minutes": wait}
        )


def within_name(limit: Limit, *, name: str, at_utc: datetime) -> None:
    """Counts one more under this name, whether anyone has it or not; raises TooMany past the limit.

    The name itself is not stored."""
    wait = count_try(limit, name=name, at_utc=at_utc)
    if wait:
        raise waiting(wait)


def count_try(limit: Limit, *, name: str, at_utc: datetime) -> int:
    """One more under this name; the minutes to wait past the limit, else 0."""
    return _count(limit, compare_loosely(name), at_utc)


def waiting(minutes: int) -> TooMany:
    """To be raised for a name that was tried too often."""
    return TooMany(_("Too many tries for this name. Try again in %(minutes)s minutes.") % {"minutes": minutes})


def clear(limit: Limit, *, name: str, at_utc: datetime) -> None:
    """Forgets the tries under this name, because the person was right."""
    _rows(limit, compare_loosely(name), at_utc).delete()


def give_back(limit: Limit, *, address: str, at_utc: datetime) -> None:
    """Subtracts one from the count of this network, because the try was right."""
    _rows(limit, network(address), at_utc).filter(times__gt=0).update(times=F("times") - 1)


_SALTS = PreparedQuery(lambda: RateSalt.objects.filter(day=Slot("day")))


def _count(limit: Limit, key: str, at_utc: datetime) -> int:
    """One more counted; the minutes to wait if that was too many, else 0."""
    window = _window(limit, at_utc)
    counted = RateCount(what=limit.what, digest=_digest(key, at_utc), window_utc=window, times=1)
    if store_or_add(counted, "times") <= limit.times:
        return 0
    return 1 + int((window + limit.within - at_utc).total_seconds() // 60)


def _rows(limit: Limit, key: str, at_utc: datetime) -> "QuerySet[RateCount]":
    return RateCount.objects.filter(what=limit.what, digest=_digest(key, at_utc), window_utc=_window(limit, at_utc))


def address_of(request: HttpRequest) -> str:
    """The address of the visitor's network, as the proxies in front of the site told it."""
    return str(request.META.get("REMOTE_ADDR", ""))


def network(address: str) -> str:
    """The network of an address: its first three numbers, or the first three groups of a long one."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return "unknown"
    # A server that listens on both writes an old address in the new form, and all of those are in one /48.
    known = getattr(found, "ipv4_mapped", None) or found
    return str(ipaddress.ip_network((int(known), 24 if known.version == 4 else 48), strict=False))


def _window(limit: Limit, at_utc: datetime) -> datetime:
    seconds = int(limit.within.total_seconds())
    return datetime.fromtimestamp(int(at_utc.timestamp()) // seconds * seconds, UTC)


def _digest(key: str, at_utc: datetime) -> bytes:
    return hmac.digest(_salt(at_utc), key.encode(), "sha256")


def _salt(at_utc: datetime) -> bytes:
    if known := _SALTS.first(day=at_utc.date()):
        return bytes(known.salt)
    row, new = RateSalt.objects.get_or_create(day=at_utc.date(), defaults={"salt": secrets.token_bytes(32)})
    if new:
        RateSalt.objects.filter(day__lt=at_utc.date()).delete()
        RateCount.objects.filter(window_utc__lt=at_utc - timedelta(days=1)).delete()
    return bytes(row.salt)
