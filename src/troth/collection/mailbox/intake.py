"""A mail on its way in: kept, sealed, before its sender or the mail server hears that it was taken.

The same mail comes once: it is the same if Message-ID and body are, whichever way it comes and however often.
"""

import hashlib
import re
from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction

from troth import files
from troth.collection.mailbox.models import KeptMail
from troth.collection.mailbox.parser.caps import MOST_BYTES
from troth.queries import PreparedQuery, Slot, store
from troth.records.filing import keep_mail
from troth.records.ids import new_id
from troth.records.keeping import hide_for, show_for
from troth.seal import vault

_MESSAGE_ID = re.compile(rb"^message-id:[ \t\r\n]*([^\r\n]{1,300})", re.IGNORECASE | re.MULTILINE)
_WRITTEN = re.compile(rb"^(?:from|to|date|subject):.*(?:\n[ \t].*)*", re.IGNORECASE | re.MULTILINE)
_HEAD_BYTES = 256 * 1024
_KNOWN = PreparedQuery(lambda: KeptMail.objects.filter(digest=Slot("digest")).values_list("pk"))


class TooLarge(Exception):
    """A mail beyond what is ever read."""


def keep(raw: bytes, *, way: str, at_utc: datetime, state: str = KeptMail.NEW, why: str = "") -> KeptMail | None:
    """The mail, on the disk and committed when this returns; None if it was kept before.

    Raises  TooLarge.   Cost  1 transaction."""
    if len(raw) > MOST_BYTES:
        raise TooLarge
    digest = fingerprint(raw)
    if _KNOWN.first(digest=digest):
        return None
    id, key = new_id(), files.new_key()
    writing = files.of_site().begin(id, key)
    try:
        writing.write(raw)
        written = writing.finish()
        with transaction.atomic():
            kept = KeptMail(id=id, digest=digest, way=way, received_utc=at_utc, size=len(raw), state=state, why=why)
            kept.key = vault().hide(_use(id), key)
            store(kept)
            keep_mail(written, id=id, at_utc=at_utc)
    except IntegrityError:
        if not _KNOWN.first(digest=digest):
            raise
        return None  # another process took it at the same moment
    finally:
        writing.discard()
    return kept


def open_raw(mail: KeptMail) -> bytes:
    """The mail as it came.   Raises  NoSuchFile, CannotOpen: its person was erased."""
    sealed = bytes(mail.key)
    if mail.person_id is None:
        key = vault().show(_use(mail.pk), sealed)
    else:
        key = show_for(mail.person_id, _use(mail.pk), sealed)
    return b"".join(files.of_site().read(mail.pk, key))


def give_to(mail: KeptMail, person: UUID, *, wrapped: bytes = b"") -> None:
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
