"""Bytes and encoded words as text: never an error, never more than asked for, in linear time.

The standard library's own decoders are for well-formed mail: on what strangers send they raise, or take minutes.
"""

import binascii
import codecs
import quopri
import re
from contextlib import suppress
from encodings import normalize_encoding
from encodings.aliases import aliases

from troth.collection.mailbox.parser.caps import MOST_HEADER_CHARS

_WORD = re.compile(r"=\?([\w.:+-]{1,40})(?:\*[\w-]{0,20})?\?([bBqQ])\?([^?]{0,4000})\?=")
_BETWEEN_WORDS = re.compile(r"(?<=\?=)[ \t\r\n]{1,100}(?==\?)")
_BREAKS = re.compile(r"[ \t\r\n]+")
_HIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]")
_KNOWN = (
    *("ascii", "utf_8", "utf_8_sig", "utf_16", "utf_16_be", "utf_16_le", "utf_32", "utf_7", "latin_1"),
    *(f"iso8859_{part}" for part in (2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 14, 15, 16)),
    *(f"cp{page}" for page in (437, 850, 852, 866, 874, 932, 949, 950, *range(1250, 1259))),
    *("koi8_r", "koi8_u", "mac_roman", "gb2312", "gbk", "gb18030", "big5", "big5hkscs", "hz", "tis_620"),
    *("euc_jp", "euc_kr", "shift_jis", "iso2022_jp", "iso2022_jp_2", "iso2022_kr", "johab", "ptcp154"),
)
"""What mail is written in. Python's other codecs compress, or take quadratic time."""


def load() -> None:
    """Imports every codec now: later nothing can be opened any more."""
    for name in _KNOWN:
        codecs.lookup(name)


def decode(data: bytes, charset: str) -> str:
    """The text, in the charset that it says it is in where that is one, else in UTF-8 or Windows's."""
    for name in (_codec(charset), "utf_8"):
        with suppress(UnicodeDecodeError, LookupError, ValueError):
            if name:
                return data.decode(name)
    return data.decode(_codec(charset) or "cp1252", "replace")


def unfold(raw: str) -> str:
    """One header as text: encoded words read, on one line, without what steers a terminal or turns words around."""
    cut = raw[:MOST_HEADER_CHARS]
    if "=?" in cut:
        cut = _WORD.sub(_read_word, _BETWEEN_WORDS.sub("", cut))
    if not cut.isascii():
        cut = decode(cut.encode("utf-8", "surrogateescape"), "utf-8")
    return clean(_BREAKS.sub(" ", cut).strip())


def clean(text: str) -> str:
    """Without control characters, lone surrogates and marks that turn the direction of what follows."""
    return _HIDDEN.sub("", text)


def body(payload: str, encoding: str) -> bytes:
    """What a part contains, its transfer encoding undone as far as it can be.

    Takes   payload: as the parser gives it, with bytes beyond ASCII as surrogates."""
    raw = payload.encode("utf-8", "surrogateescape")
    match encoding.strip().lower():
        case "base64":
            return decode_base64(raw)
        case "quoted-printable":
            return quopri.decodestring(raw)
        case "x-uuencode" | "uuencode" | "uue" | "x-uue":
            return _decode_uu(raw)
    return raw


def decode_base64(raw: bytes) -> bytes:
    """As much as can be read, where some of it is broken."""
    kept = re.sub(rb"[^A-Za-z0-9+/]", b"", raw)
    kept += b"A" * (len(kept) % 4 == 1)
    return binascii.a2b_base64(kept + b"=" * (-len(kept) % 4))


def _codec(charset: str) -> str:
    """The codec of a charset, "" for one that we don't know. Asking Python would look for a module of that name."""
    name = normalize_encoding(charset.strip().strip("\"'").lower()[:40])
    name = aliases.get(name, name)
    return name if name in _NAMES else ""


def _read_word(match: "re.Match[str]") -> str:
    charset, how, text = match.groups()
    raw = text.encode("utf-8", "surrogateescape")
    if how in "bB":
        return decode(decode_base64(raw), charset)
    return decode(quopri.decodestring(raw.replace(b"_", b" ")), charset)


def _decode_uu(raw: bytes) -> bytes:
    found = []
    for line in raw.splitlines():
        if line[:6] == b"begin " or line.strip() in (b"end", b"`", b""):
            continue
        with suppress(binascii.Error):
            found.append(binascii.a2b_uu(line))
    return b"".join(found)


_NAMES = frozenset(aliases.get(name, name) for name in _KNOWN)
