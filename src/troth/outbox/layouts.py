"""Emails that many people get: laid out once, with blanks that are filled in for each of them.

What is alike (subject, text, page, most of the head) is rendered and encoded once. For each person there are left
their values, their links, the address, the Message-ID and the signature.

An email is laid out when the second one of its kind comes, and its blanks are tried on that one: where the result is
not what its templates give, as when a template changes a value, each such email is written by itself.
"""

import logging
import re
from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from email.message import EmailMessage
from email.utils import parseaddr
from threading import Lock

from django.utils.html import escape

from troth.outbox import pictures
from troth.outbox.pictures import Picture
from troth.outbox.written import WrittenEmail, lay_out

logger = logging.getLogger("troth.outbox")
_OPEN, _CLOSE = "\ue000", "\ue001"
"""Around the name of a blank: signs that no text has. Source: Unicode, private use area."""
_BLANK = re.compile(f"{_OPEN}([^{_OPEN}{_CLOSE}]*){_CLOSE}")
_MOST_SEEN, _MOST_KEPT = 2_000, 100
_BOUNDARY, _RELATED = b"=_troth", b"=_shown"  # never part of quoted-printable text (RFC 2045, 6.7)
_LINE = re.compile(rb".{1,75}(?<!=)(?<!=[0-9A-F])")
_ENCODED = re.compile(rb"[^ -<>-~]|(?<= ) | \Z")
_BREAK = re.compile("\r\n|\r|\n")
Piece = bytes | str
"""Encoded text, or the name of a blank."""


@dataclass(frozen=True)
class RenderedEmail:
    """An email's three templates, filled in."""

    subject: str
    text: str
    html: str
    pictures: tuple[Picture, ...] = ()


@dataclass(frozen=True)
class EmailLayout:
    """An email without what differs from person to person."""

    sender: str
    head: bytes
    text: Sequence[Piece]
    html: Sequence[Piece]
    pictures: Sequence[bytes] = ()

    def fill(self, address: str, head: Mapping[str, str], blanks: Mapping[str, str]) -> WrittenEmail:
        """The email of one person.   Takes  head: the lines of the head that are theirs, in ASCII."""
        own = "".join(f"{name}: {value}\r\n" for name, value in head.items()).encode("ascii")
        body = [
            *_open_part(b"plain"),
            *_fill(self.text, blanks),
            b"\r\n",
            *self._open_html(),
            *_fill(self.html, {name: escape(value) for name, value in blanks.items()}),
            *self._show_pictures(),
            b"\r\n--" + _BOUNDARY + b"--\r\n",
        ]
        return WrittenEmail(self.sender, address, self.head + own, b"".join(body))

    def _open_html(self) -> tuple[bytes, ...]:
        if not self.pictures:
            return _open_part(b"html")
        related = b'\r\nContent-Type: multipart/related; boundary="' + _RELATED + b'"\r\n\r\n'
        return (b"--" + _BOUNDARY + related, *_open_part(b"html", _RELATED))

    def _show_pictures(self) -> Iterator[bytes]:
        for picture in self.pictures:
            yield b"\r\n--" + _RELATED + b"\r\n" + picture
        if self.pictures:
            yield b"\r\n--" + _RELATED + b"--\r\n"


Render = Callable[[Mapping[str, str]], RenderedEmail]
"""Fills the email's templates in, with these values in its blanks."""


class Layouts:
    """The layouts of one turn of a lane: templates, policy and content are asked again in the next one."""

    def __init__(self) -> None:
        self._seen: set[Hashable] = set()
        self._kept: dict[Hashable, EmailLayout | None] = {}
        self._lock = Lock()  # of threads that send the same email, one lays it out and the others wait for it

    def find(self, alike: Hashable, sender: str, blanks: Mapping[str, str], render: Render) -> EmailLayout | None:
        """The layout of emails that are alike; None for the first one, and where each has to be written by itself."""
        with self._lock:
            if alike not in self._kept:
                if alike not in self._seen:
                    self._forget(self._seen, _MOST_SEEN)
                    self._seen.add(alike)
                    return None
                self._forget(self._kept, _MOST_KEPT)
                self._kept[alike] = _make(sender, blanks, render)
            return self._kept[alike]

    @staticmethod
    def _forget(found: "set[Hashable] | dict[Hashable, EmailLayout | None]", most: int) -> None:
        if len(found) >= most:
            found.clear()


def encode(text: str) -> bytes:
    """The text as quoted-printable that the relaxed way of signing leaves as it is: no two spaces follow each other."""
    return b"\r\n".join(_encode_line(line.encode()) for line in _BREAK.split(text))


def _make(sender: str, blanks: Mapping[str, str], render: Render) -> EmailLayout | None:
    """None where a template does more with a blank than to show it."""
    laid = render({name: f"{_OPEN}{name}{_CLOSE}" for name in blanks})
    filled = _put_in(laid.html, blanks, change=escape)
    shown = RenderedEmail(laid.subject, _put_in(laid.text, blanks), filled, laid.pictures)
    if shown != render(blanks):
        logger.info("An email is written for each person by itself: a template changes one of their values.")
        return None
    head, parts = _write_head(sender, laid.subject), tuple(pictures.lay_out(each) for each in laid.pictures)
    return EmailLayout(parseaddr(sender)[1], head, _split(laid.text), _split(laid.html), parts)


def _put_in(text: str, blanks: Mapping[str, str], change: Callable[[str], str] = str) -> str:
    return _BLANK.sub(lambda found: str(change(blanks.get(found[1], ""))), text)


def _write_head(sender: str, subject: str) -> bytes:
    mail = EmailMessage()
    mail["Subject"], mail["From"], mail["Auto-Submitted"] = subject, sender, "auto-generated"
    mail["MIME-Version"] = "1.0"
    kind = b'Content-Type: multipart/alternative; boundary="' + _BOUNDARY + b'"\r\n'
    return lay_out(mail).head.rstrip(b"\r\n") + b"\r\n" + kind


def _split(text: str) -> list[Piece]:
    """Encoded pieces, and between them the names of blanks."""
    pieces = _BLANK.split(text)
    return [piece if at % 2 else encode(piece) for at, piece in enumerate(pieces) if piece]


def _fill(pieces: Sequence[Piece], blanks: Mapping[str, str]) -> list[bytes]:
    """Each value between two line breaks that a reader does not see, so that no line grows too long."""
    return [piece if isinstance(piece, bytes) else b"=\r\n" + encode(str(blanks[piece])) + b"=\r\n" for piece in pieces]


def _open_part(kind: bytes, boundary: bytes = _BOUNDARY) -> tuple[bytes, ...]:
    return (
        b"--" + boundary + b"\r\nContent-Type: text/" + kind + b'; charset="utf-8"\r\n',
        b"Content-Transfer-Encoding: quoted-printable\r\n\r\n",
    )


def _encode_line(line: bytes) -> bytes:
    encoded = _ENCODED.sub(lambda found: b"=%02X" % found[0][0], line)
    return encoded if len(encoded) <= 75 else b"=\r\n".join(_LINE.findall(encoded))
