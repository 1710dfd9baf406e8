"""The ledger: its entries, the tree over them, signed checkpoints, receipts, and the checks of all of it."""

from troth.records.ledger.entries import COLUMNS, LedgerEntry, bulk_uses_of, entry_of, history, note
from troth.records.ledger.past import Past, PastFilter, PastLine, find_start, outline
from troth.records.ledger.payloads import Chosen, Collected, Disclosed, EntryPayload, Expired, Used, without_ids

__all__ = [
    "COLUMNS",
    "Chosen",
    "Collected",
    "Disclosed",
    "EntryPayload",
    "Expired",
    "LedgerEntry",
    "Past",
    "PastFilter",
    "PastLine",
    "Used",
    "bulk_uses_of",
    "entry_of",
    "find_start",
    "history",
    "note",
    "outline",
    "without_ids",
]
