"""Her choices, as sentences of her history."""

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from troth.desk.room import EntryKind, Names
from troth.policy.terms import Policy
from troth.records.ledger import Entry
from troth.words.people import reader


def _chose(entry: Entry, policy: Policy, names: Names) -> SafeString:
    purpose = policy.purposes.get(entry.purpose)
    about = purpose.title if purpose else _("marketing")
    if entry.payload.get("way") == "same address":
        return format_html(_("Your earlier no to {} counts for this, too: it has the same address."), about)
    if entry.who != "person":
        said = _("{} recorded your yes to {}.") if entry.payload.get("yes") else _("{} recorded your no to {}.")
        return format_html(said, reader(entry.who, names), about)
    return format_html(_("You said yes to {}.") if entry.payload.get("yes") else _("You said no to {}."), about)


def _signal(entry: Entry, policy: Policy, names: Names) -> SafeString:
    if entry.payload.get("way") == "request":
        return format_html("{}", _("A privacy request asked us not to sell or share your data. It counts at once."))
    return format_html("{}", _("Your browser asked us by Global Privacy Control not to sell or share your data."))


ENTRIES = (
    EntryKind("chose", gettext_lazy("your choice"), _chose, "kept"),
    EntryKind("signal", gettext_lazy("your browser’s signal"), _signal, "kept"),
)
