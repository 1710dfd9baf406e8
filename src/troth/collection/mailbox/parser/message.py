"""The bytes of one mail as plain data: who, to whom, what it says, what came along."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from email.parser import BytesParser
from email.policy import compat32
from email.utils import mktime_tz, parsedate_tz
from typing import Any

import authres

from troth.collection.mailbox.parser import pages, parts, quoting
from troth.collection.mailbox.parser.addresses import list_addresses
from troth.collection.mailbox.parser.caps import (
    MOST_HEADERS,
    MOST_REFERENCES,
    MOST_SUBJECT_CHARS,
    MOST_TEXT_CHARS,
)
from troth.collection.mailbox.parser.decoding import unfold
from troth.collection.mailbox.parser.signing import MOST_SIGNATURES

_MOST_SECONDS = 4_102_444_800  # the year 2100
_HOST = re.compile(r"[a-z0-9_.-]{1,253}")
_ABOUT = ("header.from", "header.d", "header.i", "smtp.mailfrom", "smtp.helo")
_MOST_RESULTS, _MOST_RESULT_CHARS = 20, 4_000
_DELIVERED = ("delivered-to", "x-original-to", "envelope-to", "x-envelope-to", "x-delivered-to")


def read(raw: bytes, *, with_page: bool = False) -> tuple[dict[str, Any], bytes]:
    """What is in it, and the content of all that came along, one after another.

    Takes   with_page: whether its HTML is wanted; making that harmless takes as long as parsing the mail."""
    mail = BytesParser(policy=compat32).parsebytes(raw)
    found = parts.collect(mail)
    plain = "\n".join(found.plain)
    page = _read_page(found.pages) if with_page or not plain.strip() else _Page()
    text = plain if plain.strip() else page.text
    new, quoted = quoting.split_history(text[:MOST_TEXT_CHARS].replace("\r\n", "\n"))
    headers = parts.list_headers(mail, at_most=MOST_HEADERS)
    blob = b"".join(piece.content for piece in found.pieces)
    return {
        "headers": headers,
        "media": unfold(mail.get_content_type())[:100],
        "sender": next(iter(_addresses(mail, "from")), None),
        "reply_to": _addresses(mail, "reply-to"),
        "to": _addresses(mail, "to"),
        "cc": _addresses(mail, "cc"),
        "delivered_to": [address for name in _DELIVERED for _, address in _addresses(mail, name)],
        "return_path": unfold(parts.header(mail, "return-path")).strip("<> ")[:320],
        "subject": unfold(parts.header(mail, "subject"))[:MOST_SUBJECT_CHARS],
        "sent": _seconds(parts.header(mail, "date")),
        "message_id": next(iter(_ids(parts.header(mail, "message-id"))), ""),
        "references": _ids(parts.header(mail, "references")) + _ids(parts.header(mail, "in-reply-to")),
        "text": new,
        "quoted": quoted,
        "html": page.html if with_page else "",
        "left_out": page.left_out,
        "cut": page.cut or found.cut or len(text) > MOST_TEXT_CHARS,
        "attachments": _describe(found.pieces),
        "report_type": found.report_type,
        "report": found.report,
        "returned": found.returned,
        "signatures": _list_signatures(headers),
        "results": _list_results(headers),
    }, blob


def _list_signatures(headers: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """(domain, selector) of each DKIM signature, as it says itself."""
    signed = [value for name, value in headers if name.lower() == "dkim-signature"][:MOST_SIGNATURES]
    tags = [dict(part.strip().partition("=")[::2] for part in value.split(";")) for value in signed]
    pairs = [(each.get("d", "").strip().lower(), each.get("s", "").strip().lower()) for each in tags]
    return [pair for pair in pairs if all(_HOST.fullmatch(name) for name in pair)]


def _list_results(headers: list[tuple[str, str]]) -> list[tuple[int, str, str, str, str]]:
    """(which header, who checked, method, result, domain) of each Authentication-Results, the topmost first.

    Source  RFC 8601."""
    found = []
    told = [value for name, value in headers if name.lower() == "authentication-results"]
    for at, value in enumerate(told[:_MOST_RESULTS]):
        try:
            read = authres.AuthenticationResultsHeader.parse(f"Authentication-Results: {value[:_MOST_RESULT_CHARS]}")
        except (authres.AuthResError, ValueError, LookupError, TypeError, AttributeError):
            continue
        who = str(read.authserv_id or "").lower()
        found += [(at, who, each.method.lower(), each.result.lower(), _domain_of(each)) for each in read.results]
    return found


def _domain_of(result: Any) -> str:
    named = {f"{each.type}.{each.name}": str(each.value or "") for each in result.properties}
    about = next((named[name] for name in _ABOUT if named.get(name)), "")
    return about.strip("<>").rpartition("@")[2].lower()[:253]


@dataclass(frozen=True)
class _Page:
    """What came as HTML: as text, made harmless, what was left out of it, and whether it is too much to be read."""

    text: str = ""
    html: str = ""
    left_out: Sequence[str] = ()
    cut: bool = False


def _read_page(found: Sequence[parts.Part]) -> _Page:
    page = "\n".join(map(parts.text, found))
    left_out = pages.list_left_out(page)
    if not pages.is_readable(page):
        return _Page(pages.strip_tags(page[: 2 * MOST_TEXT_CHARS]), left_out=left_out, cut=True)
    html = pages.make_harmless(page)
    return _Page(pages.as_text(html), html, left_out)


def _addresses(mail: Any, name: str) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    for key, value in mail.raw_items():
        if key.lower() == name:
            found += list_addresses(str(value))
    return found[:100]


def _ids(raw: str) -> list[str]:
    """Message-IDs, without their brackets."""
    found = (part.partition(">")[0] for part in raw[:20_000].split("<")[1:])
    return [unfold(each)[:250] for each in found if each and not set(each) & set(" \t\r\n")][-MOST_REFERENCES:]


def _seconds(raw: str) -> int | None:
    try:
        parsed = parsedate_tz(raw[:100])
        seconds = int(mktime_tz(parsed)) if parsed else -1
    except (ValueError, OverflowError, TypeError, IndexError):
        return None
    return seconds if 0 < seconds < _MOST_SECONDS else None


def _describe(pieces: list[parts.Piece]) -> list[dict[str, Any]]:
    start, found = 0, []
    for piece in pieces:
        found.append(
            {"name": piece.name, "media": unfold(piece.media)[:100], "start": start, "size": len(piece.content)}
        )
        start += len(piece.content)
    return found
