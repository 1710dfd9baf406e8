"""Pages that the house leads to, whichever room has them: signing in, one's account, one's requests."""

from collections.abc import Mapping
from enum import StrEnum

SIGNED_OUT = "signed-out"
"""In the address of a sign-in page: it says that they signed out."""


class Entrance(StrEnum):
    """A page that links and redirects of the house need. Some addresses have gaps, as {number}."""

    SIGN_IN = "sign-in"
    SIGN_OUT = "sign-out"
    FORGOTTEN = "forgotten"
    ACCOUNT = "account"
    AGAIN = "again"
    FACTOR = "factor"
    PROOF = "proof"
    NEWSLETTER = "newsletter"
    STAFF = "staff"
    STAFF_OUT = "staff-out"
    REQUESTS = "requests"
    REQUEST = "request"
    RIGHT = "right"
    CHOICES = "choices"
    UNDO = "undo"


_known: dict[Entrance, str] = {}


def know(entrances: Mapping[Entrance, str]) -> None:
    """These are the addresses that the site's rooms have."""
    _known.clear()
    _known.update(entrances)


def address_of(entrance: Entrance, **gaps: str) -> str:
    return _known[entrance].format(**gaps)
