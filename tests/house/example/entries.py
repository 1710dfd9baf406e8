"""What happened, as a sentence of her history."""

from django.utils.safestring import SafeString

from troth.desk.room import EntryKind, Names
from troth.markup import format_html
from troth.policy.terms import Policy
from troth.records.ledger import EntryPayload, LedgerEntry
from troth.words.people import reader


def _helped(entry: LedgerEntry, said: EntryPayload, policy: Policy, names: Names) -> SafeString:
    return format_html("{} helped you.", reader(entry.who, names))


ENTRIES = (EntryKind("support/helped", "helped", _helped, "kept"),)
