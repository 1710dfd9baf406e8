"""Recognizes a file by its content: the name says what it should be, the bytes say what it is.

    check = Signature("png")
    check.look(part) for each part as it comes
    check.fits()                       False for a program that is called picture.png

Text is what has no control characters but those that logs have, in UTF-8, UTF-16 with its mark, or a one-byte encoding.

Source  puremagic's table of known files; PDF 32000-1 § 7.5.2
"""

import re
from collections.abc import Mapping

import puremagic

HEAD_BYTES = 1024
_TEXT = frozenset(("txt", "log", "csv", "json"))
_UTF_16 = (b"\xff\xfe", b"\xfe\xff")
_CONTROLS = re.compile(rb"[\x00-\x08\x0b\x0e-\x1a\x1c-\x1f\x7f]")
_MEDIA: Mapping[str, str] = {
    "pdf": "application/pdf",
    "png": "image/png",
    "jpg": "image/jpeg",
    "gif": "image/gif",
    "txt": "text/plain",
    "log": "text/plain",
    "csv": "text/csv",
    "json": "application/json",
    "zip": "application/zip",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def ending_of(name: str) -> str:
    """pdf for Report.PDF; "" for a name without one."""
    _before, dot, ending = name.rpartition(".")
    ending = ending.lower() if dot else ""
    return "jpg" if ending == "jpeg" else ending


def media_of(ending: str) -> str:
    return _MEDIA[ending]


class Signature:
    """Looks at a file of one ending while its parts come."""

    def __init__(self, ending: str) -> None:
        self._ending, self._head, self._wide, self._clean = ending, b"", False, True

    def look(self, part: bytes) -> None:
        if len(self._head) < HEAD_BYTES:
            begins = not self._head
            self._head += part[: HEAD_BYTES - len(self._head)]
            self._wide = self._head.startswith(_UTF_16) if begins else self._wide
        if self._ending in _TEXT and not self._wide and _CONTROLS.search(part):
            self._clean = False

    def fits(self) -> bool:
        if self._ending in _TEXT:
            return self._clean
        if self._ending == "pdf":
            return b"%PDF-" in self._head  # other programs may write before it, within the first kilobyte
        return f".{self._ending}" in {found.extension for found in _recognize(self._head)}


def _recognize(head: bytes) -> list[puremagic.PureMagicWithConfidence]:
    try:
        return puremagic.magic_string(head)
    except (puremagic.PureError, ValueError):
        return []  # nothing that is known, or nothing at all
