"""A mail on its way in: kept, sealed, before its sender or the mail server hears that it was taken.

The same mail comes once: it is the same if Message-ID and body are, whichever way it comes and however often.
"""

import hashlib
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction

from troth import files
from troth.collection.mailbox.models import KeptMail
from troth.collection.mailbox.parser.caps import MOST_BYTES
from troth.files import WrittenFile
from troth.queries import PreparedQuery, Slot, store_all, write_array
from troth.records.filing import keep_mails
from troth.records.ids import new_id
from troth.records.keeping import hide_for, show_for
from troth.seal import vault

_MESSAGE_ID = re.compile(rb"^message-id:[ \t\r\n]*([^\r\n]{1,300})", re.IGNORECASE | re.MULTILINE)
_WRITTEN = re.compile(rb"^(?:from|to|date|subject):.*(?:\n[ \t].*)*", re.IGNORECASE | re.MULTILINE)
_HEAD_BYTES = 256 * 1024
_KNOWN = PreparedQuery(lambda: KeptMail.objects.filter(digest__any=Slot("digests")).values_list("digest"))


class TooLarge(Exception):
    """A mail beyond what is ever read."""


def keep(raw: bytes, *, way: str, at_utc: datetime, state: str = KeptMail.NEW, why: str = "") -> KeptMail | None:
    """The mail, on the disk and committed when this returns; None if it was kept before.

    Raises  TooLarge.   Cost  1 transaction."""
    return keep_all([raw], way=way, at_utc=at_utc, state=state, why=why)[0]


def keep_all(
    raws: Sequence[bytes], *, way: str, at_utc: datetime, state: str = KeptMail.NEW, why: str = ""
) -> list[KeptMail | None]:
    """As `keep` of each, in one transaction: all of them are kept, or none is."""
    if any(len(raw) > MOST_BYTES for raw in raws):
        raise TooLarge
    kept = [
        KeptMail(
            id=new_id(), digest=fingerprint(raw), way=way, received_utc=at_utc, size=len(raw), state=state, why=why
        )
        for raw in raws
    ]
    contents = {mail.pk: raw for mail, raw in zip(kept, raws, strict=True)}
    try:
        new = _add_new(kept, contents, at_utc)
    except IntegrityError:
        new = _add_new(kept, contents, at_utc)  # another process took one of them at the same moment
    return [mail if mail.pk in new else None for mail in kept]


def _add_new(mails: Sequence[KeptMail], contents: Mapping[UUID, bytes], at_utc: datetime) -> frozenset[UUID]:
    """Which of them are kept by this: those that were not before, and of equal ones the first."""
    known = {bytes(digest) for (digest,) in _KNOWN.list(digests=write_array(bytes(mail.digest) for mail in mails))}
    first = {mail.digest: mail for mail in reversed(mails)}
    new = [mail for mail in first.values() if mail.digest not in known]
    with ExitStack() as writing:
        written = {mail.pk: writing.enter_context(_write(mail, contents[mail.pk])) for mail in new}
        if new:
            with transaction.atomic():
                store_all(new)
                keep_mails(written, at_utc=at_utc)
    return frozenset(written)


@contextmanager
def _write(mail: KeptMail, raw: bytes) -> Iterator[WrittenFile]:
    """The mail's file with a key of its own; deleted in the end where nobody settled it."""
    key = files.new_key()
    mail.key = vault().hide(_use(mail.pk), key)
    writing = files.of_site().begin(mail.pk, key)
    try:
        writing.write(raw)
        yield writing.finish()
    finally:
        writing.discard()


def open_raw(mail: KeptMail) -> bytes:
    """The mail as it came.   Raises  NoSuchFile, CannotOpen: its person was erased."""
    sealed = bytes(mail.key)
    if mail.person_id is None:
        key = vault().show(_use(mail.pk), sealed)
    else:
        key = show_for(mail.person_id, _use(mail.pk), sealed)
    return b"".join(files.of_site().read(mail.pk, key))


def give_to(mail: KeptMail, person: UUID, *, wrapped: bytes) -> None:
    """The mail is this person's from now on: nobody can open it once their key is destroyed. Not saved yet.

    Takes   wrapped: the person's key, where the caller knows it."""
    key = vault().show(_use(mail.pk), bytes(mail.key))
    mail.person_id, mail.key = person, hide_for(person, _use(mail.pk), key, wrapped=wrapped)


def fingerprint(raw: bytes) -> bytes:
    """What is the same for the same mail, however its lines end and whatever servers added above it.

    Without a Message-ID two people can send the same words, so their headers count then."""
    head, _, body = raw.replace(b"\r\n", b"\n").partition(b"\n\n")
    head = head[:_HEAD_BYTES]
    found = _MESSAGE_ID.search(head)
    id = found[1].strip() if found else b"\n".join(_WRITTEN.findall(head))
    digest = hashlib.sha256(body.rstrip()).hexdigest()
    return vault().blind_index("mail", f"{id.decode('latin-1')}|{digest}")


def _use(id: UUID) -> str:
    return f"mail {id}"
