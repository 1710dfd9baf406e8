"""What the child says of a mail, checked: it read what a stranger sent, so its answers are a stranger's too."""

from collections.abc import Iterable, Sequence
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

Pair = tuple[str, str]
Short = Annotated[str, Field(max_length=1_000)]


class BadAnswer(Exception):
    """The child said something that no reading of a mail is."""


class _Plain(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=False)


class PieceOfMail(_Plain):
    """One file that came along: where it lies in the contents."""

    name: Short
    media: Short
    start: Annotated[int, Field(ge=0)]
    size: Annotated[int, Field(ge=0)]


class ParsedMail(_Plain):
    """One mail as plain data; `contents` are those of all files, one after another.

    sender     (name, address) of From, which is a claim
    references Message-IDs of earlier mails, of References first
    text, quoted  what was written now, and the history under it: together the whole text
    left_out   what its HTML had and is not shown;   cut: more than what is read came
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

    @model_validator(mode="after")
    def _refuse_outside(self) -> "ParsedMail":
        if any(piece.start + piece.size > len(self.contents) for piece in self.attachments):
            raise ValueError("A file lies outside of the contents.")
        return self

    @property
    def address(self) -> str:
        """Whom it says it is from; "" where it says nobody."""
        return self.sender[1] if self.sender else ""

    def values(self, name: str) -> list[str]:
        """The headers of this name, in lower case."""
        return [value for key, value in self.headers if key.lower() == name]

    def value(self, name: str) -> str:
        return next(iter(self.values(name)), "")

    def content(self, piece: PieceOfMail) -> bytes:
        return self.contents[piece.start : piece.start + piece.size]


def check(said: dict[str, Any], contents: bytes) -> ParsedMail:
    """Raises BadAnswer."""
    try:
        return ParsedMail.model_validate({**said, "contents": contents})
    except (ValidationError, TypeError) as error:
        raise BadAnswer("What was read of a mail is not what a mail can be.") from error


def field_of(pairs: Iterable[Pair], name: str) -> str:
    """The first field of this name, in lower case; "" without one."""
    return next((value for key, value in pairs if key.lower() == name), "")


def fields_of(pairs: Sequence[Pair], name: str) -> list[str]:
    return [value for key, value in pairs if key.lower() == name]
