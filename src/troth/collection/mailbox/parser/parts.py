"""The parts of a mail: what is text to read, what is attached, and what a mail server reports."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import tnefparse

from troth.collection.mailbox.parser import decoding
from troth.collection.mailbox.parser.caps import MOST_DEPTH, MOST_NAME_CHARS, MOST_PARTS, MOST_REPORT_FIELDS

Part = Any
"""A part as the standard library parses it: `Message`, whose stubs know less than it gives."""
_TNEF_HEAD = 6
_LATIN = bytes.fromhex("01 0790 0800 08000000 e404000000000000 e800")
"""The attribute that names the codepage 1252: that library fails on words before one. The file's own comes after it."""
_TNEF = ("application/ms-tnef", "application/vnd.ms-tnef")
_REPORTS = ("message/delivery-status", "message/feedback-report", "message/disposition-notification")
_RETURNED = (
    "message/rfc822",
    "text/rfc822-headers",
    "message/rfc822-headers",
    "message/global",
    "message/global-headers",
)


@dataclass(frozen=True)
class Piece:
    """One file that came along."""

    name: str
    media: str
    content: bytes


@dataclass
class Found:
    """What the parts gave.

    pages   parts of HTML: `text` decodes one, where it is wanted
    report  the fields of a report; `returned`: the headers of the mail that it is about"""

    plain: list[str] = field(default_factory=list)
    pages: list[Part] = field(default_factory=list)
    pieces: list[Piece] = field(default_factory=list)
    report: list[tuple[str, str]] = field(default_factory=list)
    report_type: str = ""
    returned: list[tuple[str, str]] = field(default_factory=list)
    cut: bool = False


def collect(mail: Part) -> Found:
    found = Found()
    reports = mail.get_content_type() == "multipart/report"
    for count, (part, depth) in enumerate(_walk(mail)):
        if count >= MOST_PARTS or depth > MOST_DEPTH:
            found.cut = True
            break
        _add(found, part, reports=reports)
    return found


def header(part: Part, name: str) -> str:
    """The first header of this name as it came, "" without one."""
    wanted = name.lower()
    return next((str(value) for key, value in part.raw_items() if key.lower() == wanted), "")


def list_headers(part: Part, *, at_most: int) -> list[tuple[str, str]]:
    return [(decoding.clean(key)[:100], decoding.unfold(str(value))) for key, value in list(part.raw_items())[:at_most]]


def content(part: Part) -> bytes:
    payload = inside_of(part)
    return decoding.body(payload, header(part, "content-transfer-encoding")) if isinstance(payload, str) else b""


def inside_of(part: Part) -> Any:
    """The parts within, or the text as it came. The library's own way would decode it in whatever the sender names."""
    return part._payload


def text(part: Part) -> str:
    return decoding.clean(decoding.decode(content(part), _parameter(part, "content-type", "charset")))


def _walk(mail: Part) -> Iterator[tuple[Part, int]]:
    """Every part that is not a container, with how deep it lies; a mail within is one part."""
    waiting = [(mail, 0)]
    while waiting:
        part, depth = waiting.pop()
        inside = inside_of(part)
        if part.get_content_maintype() == "multipart" and isinstance(inside, list):
            waiting += [(each, depth + 1) for each in reversed(inside)]
        else:
            yield part, depth


def _add(found: Found, part: Part, *, reports: bool) -> None:
    media = part.get_content_type()
    if media in _REPORTS:
        found.report_type = media.partition("/")[2]
        found.report += _read_report(part)
    elif media in _RETURNED and (reports or not found.returned):
        found.returned = found.returned or _read_returned(part)
        if media.startswith("message/") and not reports:
            found.pieces.append(Piece(_name(part) or "message.eml", media, _whole(part)))
    elif media in ("text/plain", "text/html") and not _is_attached(part):
        if media == "text/html":
            found.pages.append(part)
        else:
            found.plain.append(text(part))
    elif media in _TNEF or _name(part).lower() == "winmail.dat":
        _add_tnef(found, part, media)
    elif part.get_content_maintype() != "multipart":
        found.pieces.append(Piece(_name(part), media, _whole(part)))


def _add_tnef(found: Found, part: Part, media: str) -> None:
    """What Outlook wrapped; the wrapping itself, where it can't be read."""
    raw = content(part)
    try:
        opened = tnefparse.TNEF(raw[:_TNEF_HEAD] + _LATIN + raw[_TNEF_HEAD:])
        inside = [_unwrap(each) for each in opened.attachments]
        words = _tnef_words(opened)
    except Exception:  # that library raises anything on files that are broken, names it forgot to bind included
        found.pieces.append(Piece(_name(part) or "winmail.dat", media, raw))
        return
    found.pieces += inside
    if words and not (found.plain or found.pages):
        found.plain.append(words)


def _unwrap(attached: Any) -> Piece:
    name = str(attached.long_filename() or attached.name or "")
    return Piece(_safe_name(name), "application/octet-stream", bytes(attached.data or b""))


def _tnef_words(opened: "tnefparse.TNEF") -> str:
    body = opened.body
    if isinstance(body, bytes):
        return decoding.clean(decoding.decode(body, "utf-8"))
    return decoding.clean(body) if isinstance(body, str) else ""


def _whole(part: Part) -> bytes:
    """The content of a part; of a mail within, its source."""
    inside = inside_of(part)
    if isinstance(inside, list) and inside:
        try:
            return bytes(inside[0].as_bytes())
        except (ValueError, LookupError, TypeError, AttributeError, RecursionError):
            return b""
    return content(part)


def _read_report(part: Part) -> list[tuple[str, str]]:
    """The fields of all of its groups, one after another."""
    groups = inside_of(part)
    if isinstance(groups, list):
        return [each for group in groups[:MOST_PARTS] for each in list_headers(group, at_most=MOST_REPORT_FIELDS)]
    return _read_fields(part)


def _read_returned(part: Part) -> list[tuple[str, str]]:
    inside = inside_of(part)
    if isinstance(inside, list) and inside:
        return list_headers(inside[0], at_most=MOST_REPORT_FIELDS)
    return _read_fields(part)


def _read_fields(part: Part) -> list[tuple[str, str]]:
    """Of a part that is text: each line with a name and a colon."""
    pairs = (line.partition(":") for line in text(part).splitlines()[:MOST_REPORT_FIELDS])
    return [(name.strip()[:100], decoding.unfold(value)) for name, colon, value in pairs if colon]


def _is_attached(part: Part) -> bool:
    return header(part, "content-disposition").strip().lower().startswith("attachment")


def _name(part: Part) -> str:
    name = _parameter(part, "content-disposition", "filename") or _parameter(part, "content-type", "name")
    return _safe_name(name)


def _safe_name(name: str) -> str:
    """A name and no path."""
    return decoding.unfold(name).replace("\\", "/").rpartition("/")[2].strip(". ")[:MOST_NAME_CHARS]


def _parameter(part: Part, of: str, name: str) -> str:
    """One parameter of a header, as RFC 2231 or as programs write it. The library raises on some that are broken."""
    try:
        value = part.get_param(name, "", header=of)
    except (ValueError, LookupError, TypeError, AttributeError):
        return ""
    if isinstance(value, tuple):
        charset, _language, raw = value
        return decoding.decode(str(raw).encode("latin-1", "replace"), str(charset or "utf-8"))
    return str(value or "")
