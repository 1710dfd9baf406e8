"""What happened with their account, as sentences of their history."""

from dataclasses import dataclass

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from troth.desk.room import EntryKind, Names
from troth.markup import format_html
from troth.policy.terms import Policy
from troth.records.ledger import EntryPayload, LedgerEntry


@dataclass(frozen=True, kw_only=True)
class AccountPayload(EntryPayload):
    """How someone signed in, or data came to an account or left it."""

    way: str = ""


def _say_linked(entry: LedgerEntry, said: AccountPayload, policy: Policy, names: Names) -> SafeString:
    if said.way == "signed in":
        return format_html("{}", _("This belongs to your account because you were signed in."))
    return format_html("{}", _("We added this to your account because you confirmed its email address."))


def _say_signed_in(entry: LedgerEntry, said: AccountPayload, policy: Policy, names: Names) -> SafeString:
    return format_html("{}", _("You signed in to your account."))


def _say_unlinked(entry: LedgerEntry, said: AccountPayload, policy: Policy, names: Names) -> SafeString:
    if said.way == "account closed":
        return format_html("{}", _("You closed your account. This stays without it."))
    if said.way == "address left":
        return format_html("{}", _("The account changed its email address. This stays with the previous address."))
    return format_html(
        "{}",
        _("We removed this from an account: its address and yours look alike, but they are two different addresses."),
    )


ENTRIES = (
    EntryKind("linked", gettext_lazy("account"), _say_linked, payload=AccountPayload),
    EntryKind("signed in", gettext_lazy("signed in"), _say_signed_in, payload=AccountPayload),
    EntryKind("unlinked", gettext_lazy("account"), _say_unlinked, "kept", payload=AccountPayload),
)
