"""Files taken into the store with what names them, in its transaction. `stored` has their table and watches them."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from troth import files
from troth.records.calls import rows

_ADD = (
    "insert into stored_file (id, person_id, datum, prepared, mail, stored, digest, kept_utc)"
    " values (%s, %s, %s, %s, %s, %s, %s, %s) returning id"
)


def keep_files(named: Iterable[files.Attached], *, person: UUID, datum: UUID, at_utc: datetime) -> None:
    """Settles the files that a value names and adds their rows, in the transaction that stores the value.

    Raises  NoSuchFile: they never arrived, or were swept away."""
    for each in named:
        files.of_site().settle(each.file)
        rows(_ADD, [each.file, person, datum, None, None, each.stored, each.digest, at_utc])


def keep_prepared(written: files.WrittenFile, *, id: UUID, at_utc: datetime) -> None:
    """As `keep_files`, for a prepared file, which has the id of its row."""
    files.of_site().settle(id)
    rows(_ADD, [id, None, None, id, None, written.stored, written.digest, at_utc])


def keep_mail(written: files.WrittenFile, *, id: UUID, at_utc: datetime) -> None:
    """As `keep_files`, for a mail that came in, which has the id of its row."""
    files.of_site().settle(id)
    rows(_ADD, [id, None, None, None, id, written.stored, written.digest, at_utc])
