"""The ledger: its entries, the tree over them, signed checkpoints, receipts, and the checks of all of it."""

from troth.records.ledger.entries import COLUMNS, LedgerEntry, bulk_uses_of, entry_of, history, note

__all__ = ["COLUMNS", "LedgerEntry", "bulk_uses_of", "entry_of", "history", "note"]
