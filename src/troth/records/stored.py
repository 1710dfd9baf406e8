"""Which files the store must have: a row for each, which lives as long as what names it: value, prepared file or mail.

The rows go by the database's own rule (migration 0022): where a datum is deleted, by a retention time, a correction or
an erasure, its rows go in the same transaction. What the disk then has without a row, `sweep` deletes.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice
from uuid import UUID

from django.db import models
from django.utils.translation import ngettext

from troth import files, queue
from troth.records.calls import rows
from troth.records.models import Person

GRACE = timedelta(hours=1)
"""How long a file may lie without a row: the transaction that keeps it has not ended yet, or never will."""
_BATCH = 1_000


class StoredFile(models.Model):
    """One file of the store. Only the database's own rule changes or deletes a row."""

    holds = "person"

    id = models.UUIDField(primary_key=True)
    person = models.ForeignKey(Person, models.DO_NOTHING, null=True, db_index=False, db_constraint=False)
    datum = models.UUIDField(null=True, help_text="The value that names it and holds its key.")
    prepared = models.UUIDField(null=True, help_text="The prepared file that it is the content of.")
    mail = models.UUIDField(null=True, help_text="The mail that came in, of which it is the whole.")
    stored = models.BigIntegerField(help_text="Bytes on the disk, encrypted.")
    digest = models.TextField(help_text="SHA-256 of those bytes.")
    kept_utc = models.DateTimeField()

    class Meta:
        db_table = "stored_file"


@dataclass(frozen=True)
class Swept:
    """What a look at the store found: `deleted` had no row (any longer), `missing` have a row and are not there."""

    deleted: int
    missing: tuple[UUID, ...]

    def refuse_missing(self) -> None:
        """Raises FilesMissing."""
        if self.missing:
            count = len(self.missing)
            sentence = ngettext(
                "%(count)d stored file is missing. Restore it from a backup.",
                "%(count)d stored files are missing. Restore them from a backup.",
                count,
            )
            raise FilesMissing(sentence % {"count": count})


class FilesMissing(queue.JobStopped):
    """Stored files are not where they were put, or not whole: restore them from a backup."""


def has_files(people: Iterable[UUID]) -> bool:
    """Whether any of these people has sent a file that is still kept.   Cost  1 query."""
    return StoredFile.objects.filter(person__in=list(people)).exists()


def count_bytes() -> int:
    """How much of the store is in use.   Cost  1 query."""
    return int(rows("select coalesce(sum(stored), 0) from stored_file")[0][0])


def sweep(*, at_utc: datetime) -> Swept:
    """Deletes files without a row, and lists rows without a file."""
    store, young = files.of_site(), at_utc - GRACE
    gone = [each.id for each in store.arriving() if each.since_utc < young]
    for batch in _batches(each for each in store.files() if each.since_utc < young):
        ids = [each.id for each in batch]
        live = set(StoredFile.objects.filter(pk__in=ids).values_list("pk", flat=True))
        gone += [id for id in ids if id not in live]
    for id in gone:
        store.delete(id)
    return Swept(len(gone), tuple(_missing()))


def count() -> int:
    return StoredFile.objects.count()


def list_damaged() -> Iterator[UUID]:
    """Files that are missing, or of which not every byte is what was written.   Cost  reading the whole store."""
    store = files.of_site()
    for each in StoredFile.objects.order_by("pk").iterator(_BATCH):
        if not store.verify(each.pk, digest=each.digest) and StoredFile.objects.filter(pk=each.pk).exists():
            yield each.pk


def _missing() -> Iterator[UUID]:
    store = files.of_site()
    for each in StoredFile.objects.order_by("pk").iterator(_BATCH):
        # Deleted since the list was read is not missing.
        if not store.holds(each.pk, stored=each.stored) and StoredFile.objects.filter(pk=each.pk).exists():
            yield each.pk


def _batches(listed: Iterable[files.ListedFile]) -> Iterator[list[files.ListedFile]]:
    left = iter(listed)
    while batch := list(islice(left, _BATCH)):
        yield batch
