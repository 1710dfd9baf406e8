"""What happened in an organization, as sentences of her history."""

from collections.abc import Callable, Iterable, Mapping

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from troth.policy import Policy
from troth.records.ledger import Entry
from troth.records.membership import Organization

Sentence = Callable[[Entry, Policy, Mapping[str, str]], SafeString]


def role_in_words(role: str) -> str:
    return {"admin": _("administrator"), "viewer": _("viewer")}.get(role, _("member"))


def names_of(entries: Iterable[Entry]) -> dict[str, str]:
    """Organization's id → its name as it is today: entries hold the id alone.   Cost  1 query, or none."""
    ids = {str(each.payload["organization"]) for each in entries if each.kind in SENTENCES}
    found = Organization.objects.filter(pk__in=ids).values_list("pk", "name") if ids else ()
    return {str(id): name for id, name in found}


def _name(entry: Entry, names: Mapping[str, str]) -> str:
    return names.get(str(entry.payload["organization"]), _("an organization"))


def _joined(entry: Entry, policy: Policy, names: Mapping[str, str]) -> SafeString:
    match entry.payload.get("way"):
        case "founded":
            return format_html(_("You began {} here, as its administrator."), _name(entry, names))
        case "invited" | "agreed":
            role = role_in_words(str(entry.payload.get("role")))
            return format_html(_("You joined {} as {}."), _name(entry, names), role)
    return format_html("{}", _("We noted which organization your e-mail address belongs to."))


def _left(entry: Entry, policy: Policy, names: Mapping[str, str]) -> SafeString:
    if entry.who == "person":
        return format_html(_("You left {}."), _name(entry, names))
    return format_html(_("An administrator took you out of {}."), _name(entry, names))


def _role(entry: Entry, policy: Policy, names: Mapping[str, str]) -> SafeString:
    return format_html(_("You became {} in {}."), role_in_words(str(entry.payload.get("role"))), _name(entry, names))


def _asked(entry: Entry, policy: Policy, names: Mapping[str, str]) -> SafeString:
    return format_html(_("You asked to join {}."), _name(entry, names))


def _not_joined(entry: Entry, policy: Policy, names: Mapping[str, str]) -> SafeString:
    return format_html(_("An administrator of {} did not let you in."), _name(entry, names))


def _invited(entry: Entry, policy: Policy, names: Mapping[str, str]) -> SafeString:
    return format_html(_("A colleague invited you to {}."), _name(entry, names))


def _shared(entry: Entry, policy: Policy, names: Mapping[str, str]) -> SafeString:
    return format_html(_("You shared this with your colleagues at {}."), _name(entry, names))


def _not_shared(entry: Entry, policy: Policy, names: Mapping[str, str]) -> SafeString:
    return format_html("{}", _("You no longer share this with your colleagues."))


SENTENCES: Mapping[str, Sentence] = {
    "joined": _joined,
    "left": _left,
    "role changed": _role,
    "asked to join": _asked,
    "not joined": _not_joined,
    "invited": _invited,
    "shared": _shared,
    "not shared": _not_shared,
}
