"""What the child says of a mail, checked: it read what a stranger sent, so its answers are a stranger's too."""

import mimetypes
from collections.abc import Iterable, Sequence
from functools import cached_property
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, ValidationError

Pair = tuple[str, str]
Short = Annotated[str, Field(max_length=1_000)]


class BadAnswer(Exception):
    """The child said something that no reading of a mail is."""


class _Plain(BaseModel):
    # Most processes never read an answer, and building what checks them takes as long as all else here.
    model_config = ConfigDict(frozen=True, extra="forbid", strict=False, defer_build=True)


class PieceOfMail(_Plain):
    """One file that came along: where it lies in the contents."""

    name: Short
    media: Short
    start: Annotated[int, Field(ge=0)]
    size: Annotated[int, Field(ge=0)]

    @property
    def title(self) -> str:
        """Its name; where the sender gave it none, one by its type, such as attachment.ics."""
        return self.name or f"attachment{mimetypes.guess_extension(self.media) or ''}"


class ParsedMail(_Plain):
    """One mail as plain data; `contents` are those of all files, one after another.

    sender     (name, address) of From, which is a claim
    references Message-IDs of earlier mails, of References first
    text, quoted  what was written now, and the history under it: together the whole text
    html       made harmless, where it was asked for; `left_out`: what it had and is not shown
    cut        more than what is read came
    report     the fields of a report of a mail server, `returned` the headers of the mail that it is about
    signatures (domain, selector) of each DKIM signature, as it says itself
    results    (which header, who checked, method, result, domain) of each check that a header tells of"""

    headers: tuple[Pair, ...] = ()
    media: Short = "text/plain"
    sender: Pair | None = None
    reply_to: tuple[Pair, ...] = ()
    to: tuple[Pair, ...] = ()
    cc: tuple[Pair, ...] = ()
    delivered_to: tuple[str, ...] = ()
    return_path: Short = ""
    subject: Short = ""
    sent: int | None = None
    message_id: Short = ""
    references: tuple[str, ...] = ()
    text: str = ""
    quoted: str = ""
    html: str = ""
    left_out: tuple[str, ...] = ()
    cut: bool = False
    attachments: tuple[PieceOfMail, ...] = ()
    report_type: Short = ""
    report: tuple[Pair, ...] = ()
    returned: tuple[Pair, ...] = ()
    signatures: tuple[Pair, ...] = ()
    results: tuple[tuple[int, str, str, str, str], ...] = ()
    contents: Annotated[bytes, Field(repr=False)] = b""

    @property
    def address(self) -> str:
        """Whom it says it is from; "" where it says nobody."""
        return self.sender[1] if self.sender else ""

    def values(self, name: str) -> list[str]:
        """The headers of this name, in lower case."""
        return self._by_name.get(name, [])

    @cached_property
    def _by_name(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for name, value in self.headers:
            found.setdefault(name.lower(), []).append(value)
        return found

    def value(self, name: str) -> str:
        return next(iter(self.values(name)), "")

    def content(self, piece: PieceOfMail) -> bytes:
        return self.contents[piece.start : piece.start + piece.size]


class ChildAnswer(_Plain):
    """All that a child may say: what is in a mail, who signed it, or why it can't tell. `filtered`: it is confined."""

    filtered: bool = False
    error: Annotated[str, Field(max_length=60)] = ""
    signed_by: tuple[Short, ...] = ()
    mail: ParsedMail | None = None


def read_answer(said: bytes) -> ChildAnswer:
    """Raises BadAnswer."""
    try:
        return ChildAnswer.model_validate_json(said)
    except ValidationError as error:
        raise BadAnswer("What was said of a mail is not what a mail can be.") from error


def add_contents(mail: ParsedMail, contents: bytes) -> ParsedMail:
    """The mail with the contents of its files.   Raises  BadAnswer: one lies outside of them."""
    if any(piece.start + piece.size > len(contents) for piece in mail.attachments):
        raise BadAnswer("A file lies outside of the contents.")
    return mail.model_copy(update={"contents": contents})


def field_of(pairs: Iterable[Pair], name: str) -> str:
    """The first field of this name, in lower case; "" without one."""
    return next((value for key, value in pairs if key.lower() == name), "")


def fields_of(pairs: Sequence[Pair], name: str) -> list[str]:
    return [value for key, value in pairs if key.lower() == name]
