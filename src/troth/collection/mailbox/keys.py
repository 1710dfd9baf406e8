"""Public keys of DKIM signatures, looked up in the DNS: outside of the process that reads mail and can ask nobody."""

from collections.abc import Iterable

import dns.exception
import dns.resolver

_WITHIN_SECONDS = 5
_MOST = 5


def look_up(signatures: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Name in the DNS → its TXT record, of those that there are.   Takes  (domain, selector) of each signature."""
    names = dict.fromkeys(f"{selector}._domainkey.{domain}" for domain, selector in signatures)
    found = {name: _ask(name) for name in list(names)[:_MOST]}
    return {name: record for name, record in found.items() if record}


def _ask(name: str) -> str:
    try:
        answers = dns.resolver.resolve(name, "TXT", lifetime=_WITHIN_SECONDS)
    except (dns.exception.DNSException, OSError, ValueError):
        return ""
    return next((b"".join(answer.strings).decode("ascii", "replace") for answer in answers), "")
