"""What happened with their account, as sentences of their history."""

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from troth.desk.room import EntryKind, Names
from troth.policy.terms import Policy
from troth.records.ledger import LedgerEntry


def _say_linked(entry: LedgerEntry, policy: Policy, names: Names) -> SafeString:
    if entry.payload.get("way") == "signed in":
        return format_html("{}", _("This belongs to your account because you were signed in."))
    return format_html("{}", _("We added this to your account because you confirmed its email address."))


def _say_signed_in(entry: LedgerEntry, policy: Policy, names: Names) -> SafeString:
    return format_html("{}", _("You signed in to your account."))


def _say_unlinked(entry: LedgerEntry, policy: Policy, names: Names) -> SafeString:
    if entry.payload.get("way") == "address left":
        return format_html("{}", _("The account changed its email address. This stays with the previous address."))
    return format_html(
        "{}",
        _("We removed this from an account: its address and yours look alike, but they are two different addresses."),
    )


ENTRIES = (
    EntryKind("linked", gettext_lazy("account"), _say_linked),
    EntryKind("signed in", gettext_lazy("signed in"), _say_signed_in),
    EntryKind("unlinked", gettext_lazy("account"), _say_unlinked, "kept"),
)
