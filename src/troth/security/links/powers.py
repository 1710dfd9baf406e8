"""What each private link opens, and nothing else. tests/access tests the whole table."""

from collections.abc import Mapping

from troth.security.links.models import Link

OPENS: Mapping[str, frozenset[str]] = {
    Link.MASKED: frozenset({"receipt", "history"}),
    Link.FULL: frozenset({"history", "receipts", "profile", "preferences"}),
    Link.CHOICES: frozenset({"preferences", "accept", "decline"}),
    Link.UNSUBSCRIBE: frozenset({"unsubscribe"}),
    Link.CASE: frozenset({"case", "conversation"}),
}


def opens(link: Link, page: str) -> bool:
    """Whether the link opens the page, e.g. "preferences"."""
    return page in OPENS[link.power]
