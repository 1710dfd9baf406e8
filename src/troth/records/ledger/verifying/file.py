"""The sixth check: the checkpoint file outside the database."""

from collections.abc import Iterator

from troth.records.ledger.signed import LedgerFinding
from troth.records.ledger.verifying.snapshot import Snapshot


def check_file(ledger: Snapshot, known_bytes: int) -> Iterator[LedgerFinding]:
    stored = ledger.rows("select size, note from checkpoint where size >= %s order by size", [ledger.begin])
    row, former = next(stored, None), -1
    for record in ledger.file.records():
        where = f"checkpoint file, line {record.line}"
        if record.size <= former:
            yield LedgerFinding("file order", where, "This is no checkpoint, or comes after a larger one.")
            continue
        former = record.size
        while row is not None and row[0] < record.size:
            yield _make_lacking(row[0])
            row = next(stored, None)
        if row is not None and row[0] == record.size:
            if row[1] != record.note:
                yield LedgerFinding("file differs", where, f"Checkpoint {record.size} says something else here.")
            # A crash while writing leaves this, so it is said apart from a note that someone changed.
            elif not record.whole:
                yield LedgerFinding("file lacks", where, "Its last line is missing. The sealer adds it when it starts.")
            row = next(stored, None)
        # Notes behind `known_bytes` were written while this check was reading: the database has them by now.
        elif record.size >= ledger.begin and record.begin_byte < known_bytes:
            yield LedgerFinding(
                "file ahead", where, f"Checkpoint {record.size} is not in the database: was its tail cut?"
            )
    while row is not None:
        yield _make_lacking(row[0])
        row = next(stored, None)


def _make_lacking(size: int) -> LedgerFinding:
    return LedgerFinding(
        "file lacks", "checkpoint file", f"Checkpoint {size} is missing. The sealer adds the last when it starts."
    )
