"""One mail as rooms get it: read, sorted and committed."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from troth.addresses import fold


class MailKind(StrEnum):
    """What a mail is, told before anything else is done with it."""

    REPLY = "reply"
    NEW = "new"
    BOUNCE = "bounce"
    COMPLAINT = "complaint"
    AUTOMATIC = "automatic"
    LIST = "list"
    OWN = "own"
    SPAM = "spam"


@dataclass(frozen=True)
class AttachedFile:
    """A file that came along. Its name and type are what the sender says."""

    name: str
    media: str
    size: int
    read: Callable[[], bytes] = field(repr=False)


@dataclass(frozen=True, kw_only=True)
class ReceivedMail:
    """One mail, as far as it may be believed.

    from_address, from_name  whom it says it is from: a claim, unless `verified`
    to, cc    (name, address) of those who got it, too
    text      what was written now; `quoted`: the history under it. Together they are the whole text
    thread    the request that it answers, by a signed address or by one of our emails that it refers to
    answers   our email that it refers to, the latest of them
    at        every address that it came to, in comparable form
    added_by  as in the ledger: the member of staff who adds it to its request, also if someone else wrote it"""

    id: UUID
    received_utc: datetime
    kind: MailKind
    from_address: str
    from_name: str
    verified: bool
    to: tuple[tuple[str, str], ...] = ()
    cc: tuple[tuple[str, str], ...] = ()
    at: tuple[str, ...] = ()
    subject: str = ""
    text: str = ""
    quoted: str = ""
    attachments: tuple[AttachedFile, ...] = ()
    thread: UUID | None = None
    answers: UUID | None = None
    message_id: str = ""
    references: tuple[str, ...] = ()
    added_by: str = ""


@dataclass(frozen=True)
class MailTaken:
    """What a room made of a mail.

    person   whose message it is from now on, where it is someone's; `wrapped`: their key, where the room knows it
    request  that it became or belongs to"""

    person: UUID | None = None
    request: UUID | None = None
    wrapped: bytes = b""


def is_to(mail: ReceivedMail, address: str) -> bool:
    """Whether the mail came to this very our address, and not to a signed one that is made from it."""
    return fold(address) in mail.at


TakesMail = Callable[[ReceivedMail], MailTaken | None]
"""A room's answer to a mail: what it made of it, or None for one that is not the room's. In the mail's transaction."""
