"""Who did something, as its ledger entry names them."""

from collections.abc import Mapping

from django.utils.translation import gettext as _

from troth.records.ledger import LedgerEntry
from troth.security.actors import find_username


def reader(who: str, names: Mapping[str, str]) -> str:
    """You, a staff member by name, a colleague, an agent, or the program."""
    if who == "person":
        return _("You")
    if username := find_username(who):
        return names.get(who, username)
    if is_colleague(who):
        return names.get(who.partition(":")[2]) or _("A colleague")
    if who.startswith("agent:"):
        return _("Your agent %(name)s") % {"name": who.partition(":")[2]}
    return _("We")


def is_colleague(who: str) -> bool:
    """Whether a member of the person's organization did it: "colleague", or with the person's id behind it."""
    return who == "colleague" or who.startswith("colleague:")


def colleague(entry: LedgerEntry, names: Mapping[str, str]) -> str:
    """Who of the colleagues it was; without a name, what they are."""
    return names.get(f"colleague {entry.id}") or _("A colleague")
