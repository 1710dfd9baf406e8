"""The comparable form of email addresses: two addresses are the same if and only if it is equal.

    Ada.Okafor@X.example           ada.okafor@x.example         A to Z only: no mail server tells them apart
    jutta.straßer@mail.example     itself                       ß is not ss, and İ is not i: these are other mailboxes
    ada@BÜCHER.example             ada@xn--bcher-kva.example    a domain is what the DNS is asked for
    ju\u0308rgen@mail.example           jürgen@mail.example          one character, however it was typed

Emails go to the address as entered; everything that searches, counts or joins addresses compares this form.
Source  RFC 5321 § 2.4 and § 4.5.3.1, RFC 6531 § 3.3, RFC 5891 (IDNA), UTS #46.
"""

import unicodedata
from functools import lru_cache

import idna

MOST_LOCAL_BYTES = 64
MOST_BYTES = 254
_FOLD = {upper: upper + 32 for upper in range(ord("A"), ord("Z") + 1)}


class NoAddress(ValueError):
    """Not a comparable address: no @, nothing before or after it, or longer than email allows."""


def comparable(address: str) -> str:
    """The form in which the address is compared. Raises NoAddress."""
    local, at, domain = address.strip().rpartition("@")
    local = fold(unicodedata.normalize("NFC", local))
    found = f"{local}@{comparable_domain(domain)}"
    if not (at and local and domain) or _bytes(local) > MOST_LOCAL_BYTES or _bytes(found) > MOST_BYTES:
        raise NoAddress("An address has a name of up to 64 bytes, an @ and a domain, 254 bytes in all.")
    return found


def compare_loosely(text: str) -> str:
    """As `comparable`; what is no address, A to Z in lower case."""
    try:
        return comparable(text)
    except NoAddress:
        return fold(text.strip())


@lru_cache(1_000)
def comparable_domain(domain: str) -> str:
    """The domain as DNS queries use it; an invalid domain is only lower-cased."""
    domain = domain.strip().rstrip(".")
    try:
        return idna.encode(domain, uts46=True, transitional=False).decode("ascii").lower() if domain else ""
    except UnicodeError:  # idna's own error is one
        return fold(unicodedata.normalize("NFC", domain))


def fold(text: str) -> str:
    """A to Z in lower case, every other letter unchanged."""
    return text.translate(_FOLD)


def _bytes(text: str) -> int:
    return len(text.encode(errors="surrogatepass"))
