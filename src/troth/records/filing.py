"""Files taken into the store with what names them, in its transaction. `stored` has their table and watches them."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from uuid import UUID

from troth import files
from troth.queries import write_array
from troth.records.calls import rows

_ADD = (
    "insert into stored_file (id, person_id, datum, prepared, mail, stored, digest, kept_utc)"
    " values (%s, %s, %s, %s, %s, %s, %s, %s) returning id"
)
_ADD_MAILS = (
    "insert into stored_file (id, mail, stored, digest, kept_utc)"
    " select it.id, it.id, it.stored, it.digest, %s"
    " from unnest(%s::uuid[], %s::bigint[], %s::text[]) it (id, stored, digest) returning id"
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


def keep_mails(written: Mapping[UUID, files.WrittenFile], *, at_utc: datetime) -> None:
    """As `keep_files`, for mails that came in: each has the id of its row.   Cost  1 query"""
    files.of_site().settle(*written)
    stored, digests = [file.stored for file in written.values()], [file.digest for file in written.values()]
    rows(_ADD_MAILS, [at_utc, write_array(written), write_array(stored), write_array(digests)])
