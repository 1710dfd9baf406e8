"""Changes to a profile as sentences of a history."""

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from troth.desk.room import EntryKind, Names
from troth.markup import format_html
from troth.policy.terms import Policy
from troth.records.ledger import EntryPayload, LedgerEntry
from troth.words.values import kinds_in_words


def _say_corrected(entry: LedgerEntry, said: EntryPayload, policy: Policy, names: Names) -> SafeString:
    return format_html(_("You corrected your {}. The previous value was deleted."), kinds_in_words(policy, entry.kinds))


def _say_removed(entry: LedgerEntry, said: EntryPayload, policy: Policy, names: Names) -> SafeString:
    return format_html(_("You removed your {}. The value was deleted."), kinds_in_words(policy, entry.kinds))


ENTRIES = (
    EntryKind("corrected", gettext_lazy("corrected"), _say_corrected, "kept"),
    EntryKind("removed", gettext_lazy("removed by you"), _say_removed, "kept"),
)
