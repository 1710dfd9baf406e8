"""What the operator keeps elsewhere: notes in the data folder about saved keys and backups.

    <data folder>/saved     2026-11-27T10:00:00+00:00 master.key 5f3a09… ines

A key's fingerprint tells a later key from the one that was saved. It is of 256 random bits, so it gives nothing away.
"""

import hashlib
import os
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

BACKUP = "backup"
_FILE = "saved"
_FINGERPRINT = 16


@dataclass(frozen=True)
class SavedNote:
    """One thing that was saved: when, which (a key's fingerprint, a backup's file), and who says so."""

    at_utc: datetime
    what: str
    which: str
    by: str


def note(var: Path, what: str, which: str, *, by: str, at_utc: datetime) -> None:
    handle = os.open(var / _FILE, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    with os.fdopen(handle, "a", encoding="utf-8") as file:
        file.write(f"{at_utc:%Y-%m-%dT%H:%M:%S+00:00} {what} {which} {by}\n")


def latest(var: Path, what: str, which: str | None = None) -> SavedNote | None:
    """The last note of this kind; with `which`, of this very key. Raises OSError where we may not read it."""
    try:
        lines = (var / _FILE).read_text(encoding="utf-8").splitlines()
    except FileNotFoundError:
        return None
    found = [SavedNote(datetime.fromisoformat(at), *rest) for at, *rest in (line.split(" ", 3) for line in lines)]
    return next((one for one in reversed(found) if one.what == what and which in (None, one.which)), None)


def fingerprint(key: Path) -> str:
    """The digest of what is in the file, however its line ends. Raises OSError."""
    return hashlib.sha256(key.read_bytes().strip()).hexdigest()[:_FINGERPRINT]
