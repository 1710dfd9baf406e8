"""A whole file looked into before it is taken: archives for what would harm those who unpack them, all for viruses.

It is read as it lies in the store, decrypted part by part; nothing of it is on the disk unencrypted.
"""

import stat
import zipfile
import zlib
from collections.abc import Sequence
from contextlib import closing
from pathlib import PureWindowsPath
from typing import BinaryIO

from django.utils.translation import gettext as _

from troth.collection.forms import scanning
from troth.collection.forms.scanning import Verdict
from troth.files import Writing, WrittenFile

ARCHIVES = frozenset(("zip", "docx", "xlsx"))
MOST_ENTRIES = 2_000
MOST_UNPACKED = 200_000_000
"""Bytes that an archive may have unpacked."""
MOST_RATIO, _SMALL = 100, 10_000_000
"""How many times its size an archive may grow, once it is larger than something small."""
_PROGRAMS = (
    *("apk", "app", "bat", "cmd", "com", "cpl", "dll", "exe", "hta", "iso", "jar", "js", "jse", "lnk", "msi", "msix"),
    *("pif", "ps1", "reg", "scr", "sh", "sys", "url", "vbe", "vbs", "wsf"),
)
_NESTED = ("7z", "bz2", "cab", "gz", "rar", "tar", "tgz", "xz", "zip", "zst")
_ENCRYPTED = 0x1
_READ_BYTES = 64 * 1024


class _Refused(Exception):
    """The archive is not taken; the sentence says why."""


def inspect(writing: Writing, written: WrittenFile, *, ending: str) -> str:
    """What is wrong with the file, as a sentence; "" if nothing is."""
    with closing(writing.look(written)) as file:
        if ending in ARCHIVES and (problem := look_into(file, written.size)):
            return problem
        file.seek(0)
        verdict = scanning.scan(file)
    if verdict == Verdict.FOUND:
        return _("Our virus scanner found something in this file. Check your computer, then choose another file.")
    if verdict == Verdict.UNKNOWN:
        return _("We can’t check files for viruses right now. Send the form without it, or try again later.")
    return ""


def look_into(file: BinaryIO, size: int) -> str:
    """What is wrong with an archive; "" if nothing is. Everything in it is unpacked, and nothing kept of that."""
    try:
        with zipfile.ZipFile(file) as archive:
            _look(archive, archive.infolist(), size)
    except _Refused as problem:
        return str(problem)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, ValueError, OSError, RuntimeError):
        return _("We can’t look into this archive: it is damaged or unusual. Pack it again as ZIP.")
    return ""


def _look(archive: zipfile.ZipFile, entries: Sequence[zipfile.ZipInfo], size: int) -> None:
    """Raises  _Refused."""
    if any(entry.flag_bits & _ENCRYPTED for entry in entries):
        raise _Refused(_("This archive has a password, so we can’t look into it. Pack it again without one."))
    if any(map(_leads_out, entries)):
        raise _Refused(_("Unpacked, this archive would write outside its own folder. Pack it again as ZIP."))
    # Windows leaves out blanks and dots at the end: setup.exe. is a program there.
    names = [entry.filename.rstrip(" .").lower() for entry in entries]
    endings = {name.rpartition(".")[2] for name in names if "." in name}
    if endings.intersection(_PROGRAMS):
        raise _Refused(_("This archive has a program in it. Remove it, and pack the rest again."))
    if endings.intersection(_NESTED):
        raise _Refused(_("This archive has another archive in it. Unpack that one first, then pack it all again."))
    _refuse_bomb(len(entries), sum(entry.file_size for entry in entries), size)
    unpacked = 0
    for entry in entries:
        with archive.open(entry) as content:
            while part := content.read(_READ_BYTES):
                unpacked += len(part)
                _refuse_bomb(len(entries), unpacked, size)


def _leads_out(entry: zipfile.ZipInfo) -> bool:
    """Whether it would be unpacked elsewhere: above the folder, on a drive, or through a link.

    As Windows reads paths, which knows all of this, takes both kinds of slashes, and leaves out blanks after dots."""
    path = PureWindowsPath(entry.filename)
    above = any(".." in part and not part.strip(" .") for part in path.parts)
    return bool(path.anchor) or above or stat.S_ISLNK(entry.external_attr >> 16)


def _refuse_bomb(entries: int, unpacked: int, size: int) -> None:
    if entries > MOST_ENTRIES or unpacked > MOST_UNPACKED or unpacked > max(_SMALL, MOST_RATIO * size):
        raise _Refused(_("Unpacked, this archive is too large. Send a smaller part of what is in it."))
