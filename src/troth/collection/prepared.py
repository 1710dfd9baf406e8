"""Files that take long to make: requested on a page, made by a job, kept for an hour, then deleted.

    asked -> ready -> deleted
          -> asked for long: the job failed, which is an alarm; the page says that it takes longer

Jobs that make files share one lock, so that one is made at a time and no page waits for them.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import ClassVar
from uuid import UUID

from django.db import models, transaction
from django.utils.translation import gettext as _

from troth import files, queue
from troth.gate import new_id
from troth.records.filing import keep_prepared
from troth.seal import vault

LASTING = timedelta(hours=1)
"""How long a file can be fetched once it is ready."""
ABANDONED = timedelta(days=1)
LONG = timedelta(minutes=5)
LOCK = "prepared files"
_CONTENT_TYPES = {"json": "application/json", "pdf": "application/pdf", "zip": "application/zip"}


class PreparedFile(models.Model):
    """One file. `owner`: who alone may fetch it. `who` and `reason` are in the histories that making it writes."""

    holds = "person"

    id = models.UUIDField(primary_key=True)
    person = models.ForeignKey("troth.Person", models.RESTRICT, related_name="+", null=True)
    owner = models.TextField()
    form = models.TextField(help_text="json, pdf, zip or csv.")
    name = models.TextField(help_text="Under which it is saved.")
    subject = models.UUIDField(help_text="The case that it is about.")
    who = models.TextField()
    reason = models.TextField()
    asked_utc = models.DateTimeField()
    ready_utc = models.DateTimeField(null=True)
    key = models.BinaryField(null=True, help_text="The stored file's key, sealed by the master key for this file.")

    class Meta:
        db_table = "prepared_file"
        indexes: ClassVar = [models.Index(fields=["owner", "form"], name="prepared_by_owner")]

    @property
    def until_utc(self) -> datetime | None:
        """Until when it can be fetched."""
        return self.ready_utc + LASTING if self.ready_utc else None

    @property
    def content_type(self) -> str:
        return _CONTENT_TYPES.get(self.form, "text/csv; charset=utf-8")


def ask(
    job: str,
    *,
    owner: str,
    person: UUID | None,
    form: str,
    name: str,
    subject: UUID,
    who: str,
    reason: str,
    at_utc: datetime,
) -> PreparedFile:
    """Queues the file in the caller's transaction, or returns the one that this owner can still fetch.

    Takes   job: the name of the task that makes it, which takes the file's id."""
    for earlier in PreparedFile.objects.filter(owner=owner, form=form, subject=subject).order_by("-asked_utc"):
        if not is_over(earlier, at_utc=at_utc):
            return earlier
    made = PreparedFile.objects.create(
        id=new_id(),
        person_id=person,
        owner=owner,
        form=form,
        name=name,
        subject=subject,
        who=who,
        reason=reason,
        asked_utc=at_utc,
    )
    queue.defer(job, file=str(made.id))
    return made


def find(id: UUID, *, owner: str, at_utc: datetime) -> PreparedFile | None:
    """The file, if it belongs to this owner and hasn't expired."""
    found = PreparedFile.objects.filter(pk=id, owner=owner).first()
    return found if found and not is_over(found, at_utc=at_utc) else None


@contextmanager
def put(id: UUID, *, at_utc: datetime) -> Iterator[files.Writing]:
    """Stores what the block writes as the file's content and marks it ready; discards it if nobody waits any more."""
    key = files.new_key()
    writing = files.of_site().begin(id, key)
    try:
        yield writing
        written, sealed = writing.finish(), vault().hide(_use(id), key)
        with transaction.atomic():
            if PreparedFile.objects.filter(pk=id, ready_utc=None).update(key=sealed, ready_utc=at_utc):
                keep_prepared(written, id=id, at_utc=at_utc)
    finally:
        writing.discard()


def content_of(file: PreparedFile) -> Iterator[bytes]:
    """The parts of a ready file.   Raises  NoSuchFile."""
    assert file.key is not None
    return files.of_site().read(file.pk, vault().show(_use(file.pk), bytes(file.key)))


def tidy(*, at_utc: datetime) -> int:
    """Deletes expired files, and those that were never made; returns how many."""
    over = models.Q(ready_utc__lte=at_utc - LASTING) | models.Q(ready_utc=None, asked_utc__lte=at_utc - ABANDONED)
    return PreparedFile.objects.filter(over).delete()[0]


def is_over(file: PreparedFile, *, at_utc: datetime) -> bool:
    ends = file.until_utc or file.asked_utc + ABANDONED
    return at_utc >= ends


def waiting_in_words(file: PreparedFile, *, at_utc: datetime) -> str:
    """What the page says while the file is made."""
    if at_utc - file.asked_utc > LONG:
        return _("This is taking longer than usual. You can close this page and come back later.")
    return _("We’re preparing your file. This page refreshes automatically every few seconds.")


def _use(id: UUID) -> str:
    return f"prepared file {id}"
