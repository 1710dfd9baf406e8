"""Entries about organizations as sentences of a history."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from django.core.cache import cache
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from troth import gate
from troth.desk.room import EntryKind, Names
from troth.markup import format_html
from troth.policy import Policy
from troth.records.ids import NOBODY
from troth.records.ledger import EntryPayload, LedgerEntry
from troth.records.membership import Invitation, Organization
from troth.words.people import colleague, is_colleague

_LOOKED = timedelta(minutes=50)
"""How long one look at a colleague's name counts for everyone who reads it."""


@dataclass(frozen=True, kw_only=True)
class MemberPayload(EntryPayload):
    """Which organization it is about, the member's role, how they came, and who decided, by id."""

    organization: str = ""
    role: str = ""
    way: str = ""
    by: str = ""


def role_in_words(role: str) -> str:
    return {"admin": _("administrator"), "viewer": _("viewer")}.get(role, _("member"))


def names_of(entries: Sequence[LedgerEntry]) -> dict[str, str]:
    """Organization's id → its name as it is today: entries hold the id alone; and a colleague's id → the name.

    Cost  1 query, or none; for colleagues 3 more, and a look of theirs."""
    ids = {each.read(MemberPayload).organization for each in entries if each.kind in _KINDS}
    found = Organization.objects.filter(pk__in=ids).values_list("pk", "name") if ids else ()
    return {str(id): name for id, name in found} | _colleagues(entries)


def _colleagues(entries: Sequence[LedgerEntry]) -> dict[str, str]:
    """The colleagues who acted, by id: from the entry, or from the invitation that gave the address."""
    theirs = [each for each in entries if is_colleague(each.who)]
    given = {each.cause for each in theirs if each.cause}
    inviters = dict(Invitation.objects.filter(pk__in=given).values_list("pk", "invited_by")) if given else {}
    named: dict[str, str] = {}
    for each in theirs:
        by = each.who.partition(":")[2] or str(each.read(MemberPayload).by or inviters.get(each.cause or NOBODY, ""))
        if by:
            # Each name is a look in the colleague's own history, so it is read once.
            if by not in named:
                named[by] = _name_colleague(by)
            named[f"colleague {each.id}"] = named[by]
    return named


def _name_colleague(person: str) -> str:
    """The colleague's name, read by a look that their own history shows; empty if it may not be shown."""
    given = gate.look(
        place=_CachedLook(f"colleague-{person}"),
        person=UUID(person),
        purpose="organization",
        kinds=["name"],
        who="program:organization",
        reason=_("to tell a colleague who did this"),
        lasting=_LOOKED,
    )
    return "" if isinstance(given, gate.Refused) else given.values.get("name", "")


@dataclass(frozen=True)
class _CachedLook:
    """One look at a colleague's name for everyone who reads about them."""

    named: str

    def find(self) -> UUID | None:
        stored = cache.get(self.named)
        return UUID(stored) if stored else None

    def store(self, grant: UUID) -> None:
        cache.set(self.named, str(grant), _LOOKED.total_seconds())


def _name(said: MemberPayload, names: Names) -> str:
    return names.get(said.organization, _("an organization"))


def _say_joined(entry: LedgerEntry, said: MemberPayload, policy: Policy, names: Names) -> SafeString:
    match said.way:
        case "founded":
            return format_html(_("You created the organization {} and became its administrator."), _name(said, names))
        case "invited" | "agreed":
            role = role_in_words(said.role)
            return format_html(_("You joined {} as {}."), _name(said, names), role)
    return format_html("{}", _("We recorded which organization your email address belongs to."))


def _say_left(entry: LedgerEntry, said: MemberPayload, policy: Policy, names: Names) -> SafeString:
    if entry.who == "person":
        return format_html(_("You left {}."), _name(said, names))
    if by := names.get(f"colleague {entry.id}"):
        return format_html(_("{} removed you from {}."), by, _name(said, names))
    return format_html(_("An administrator removed you from {}."), _name(said, names))


def _role(entry: LedgerEntry, said: MemberPayload, policy: Policy, names: Names) -> SafeString:
    role = role_in_words(said.role)
    if is_colleague(entry.who):
        return format_html(_("{} changed your role to {} in {}."), colleague(entry, names), role, _name(said, names))
    return format_html(_("Your role changed to {} in {}."), role, _name(said, names))


def _say_asked(entry: LedgerEntry, said: MemberPayload, policy: Policy, names: Names) -> SafeString:
    return format_html(_("You asked to join {}."), _name(said, names))


def _not_joined(entry: LedgerEntry, said: MemberPayload, policy: Policy, names: Names) -> SafeString:
    if by := names.get(f"colleague {entry.id}"):
        return format_html(_("{} of {} declined your request to join."), by, _name(said, names))
    return format_html(_("An administrator of {} declined your request to join."), _name(said, names))


def _say_invited(entry: LedgerEntry, said: MemberPayload, policy: Policy, names: Names) -> SafeString:
    return format_html(_("{} invited you to {}."), colleague(entry, names), _name(said, names))


def _say_shared(entry: LedgerEntry, said: MemberPayload, policy: Policy, names: Names) -> SafeString:
    return format_html(_("You shared this with your colleagues at {}."), _name(said, names))


def _not_shared(entry: LedgerEntry, said: MemberPayload, policy: Policy, names: Names) -> SafeString:
    return format_html("{}", _("You no longer share this with your colleagues."))


ENTRIES = (
    EntryKind("joined", gettext_lazy("organization"), _say_joined, payload=MemberPayload),
    EntryKind("left", gettext_lazy("organization"), _say_left, payload=MemberPayload),
    EntryKind("role changed", gettext_lazy("organization"), _role, payload=MemberPayload),
    EntryKind("asked to join", gettext_lazy("organization"), _say_asked, payload=MemberPayload),
    EntryKind("not joined", gettext_lazy("organization"), _not_joined, payload=MemberPayload),
    EntryKind("invited", gettext_lazy("organization"), _say_invited, payload=MemberPayload),
    EntryKind("shared", gettext_lazy("organization"), _say_shared, payload=MemberPayload),
    EntryKind("not shared", gettext_lazy("organization"), _not_shared, payload=MemberPayload),
)
_KINDS = frozenset(kind.id for kind in ENTRIES)
