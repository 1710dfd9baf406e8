"""Checkpoints: signed states of the ledger's tree, in the database and in a file outside it.

The file holds the notes one after another, with a blank line between them:

    localhost/ledger                                      origin: the name of the ledger
    8                                                     leaves
    XcnaeacGWamtVZy3Ad7ZoqudgjqtL0lgz+Nw7/RgQyg=          root
    time 2026-03-01T09:30:00.000000Z                      when it was signed

    — localhost/ledger 3vKk…

Source  C2SP tlog-checkpoint; the time is our own extension line.
"""

import base64
import binascii
import os
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from troth import notes
from troth.records.ledger.leaves import read_stamp, stamp

_TIME = "time "
_SIGNED = "— ".encode()
_TAIL_BYTES = 64 * 1024


class LedgerRefused(Exception):
    """The ledger can't continue or can't be trusted. `code` is for programs, the message is a sentence."""

    def __init__(self, code: str, sentence: str) -> None:
        super().__init__(sentence)
        self.code = code


@dataclass(frozen=True)
class CheckpointNote:
    """How many leaves the tree had, their root, and when that was signed."""

    origin: str
    size: int
    root: bytes
    at_utc: datetime

    @classmethod
    def parse(cls, text: str) -> "CheckpointNote":
        """The checkpoint in the text of a note. Raises LedgerRefused: not a checkpoint."""
        try:
            origin, size, root, *more, end = text.split("\n")
            (time,) = [line.removeprefix(_TIME) for line in more if line.startswith(_TIME)]
            parsed = cls(origin, int(size), notes.canonical(root), read_stamp(time))
        except (ValueError, binascii.Error) as error:
            raise LedgerRefused("not a checkpoint", "The text is no checkpoint of a ledger.") from error
        if end or parsed.text() != text:
            raise LedgerRefused("not a checkpoint", "The text is no checkpoint of a ledger.")
        return parsed

    @classmethod
    def open(cls, note: str, keys: Iterable[notes.Verifier]) -> "CheckpointNote":
        """The checkpoint of a note that one of these keys signed. Raises LedgerRefused."""
        try:
            text, verifier = notes.open_note(note, keys)
        except notes.NoteProblem as error:
            raise LedgerRefused("not signed", str(error)) from error
        checkpoint = cls.parse(text)
        if checkpoint.origin != verifier.name:
            raise LedgerRefused("not signed", "The checkpoint is of another ledger than the key that signed it.")
        return checkpoint

    def text(self) -> str:
        root = base64.b64encode(self.root).decode()
        return f"{self.origin}\n{self.size}\n{root}\n{_TIME}{stamp(self.at_utc)}\n"


@dataclass(frozen=True)
class FiledNote:
    """A note in the file: the number of its first line, the byte at which it begins, whether its last line is there."""

    line: int
    begin_byte: int
    note: str
    whole: bool = True

    @property
    def size(self) -> int:
        """The size in the note; -1 if there is none."""
        return _size(self.note)


@dataclass(frozen=True)
class CheckpointFile:
    """The file outside the database. It is only ever appended to."""

    path: Path

    def append(self, added: Iterable[str]) -> None:
        """Appends the notes; they are on disk when this returns."""
        self._write("".join(map(_record, added)).encode())

    def records(self) -> Iterator[FiledNote]:
        """Each note with its position; an incomplete note comes last."""
        if not self.path.exists():
            return
        with self.path.open("rb") as file:
            lines, first, begin, at, blanks = [], 1, 0, 0, 0
            for number, line in enumerate(file, 1):
                lines.append(line)
                at, blanks = at + len(line), blanks + (line == b"\n")
                if blanks == 2:
                    yield FiledNote(first, begin, b"".join(lines[:-1]).decode(errors="replace"))
                    lines, first, begin, blanks = [], number + 1, at, 0
            if lines:
                yield FiledNote(first, begin, b"".join(lines).decode(errors="replace"), whole=False)

    def size(self) -> int:
        """The number of leaves of the last complete note; 0 before the first."""
        note, _ = self.last()
        return max(_size(note), 0)

    def put_aside(self, *, at_utc: datetime) -> Path | None:
        """The file under another name, as evidence; the sealer writes a new one from the database."""
        if not self.path.exists():
            return None
        return self.path.rename(self.path.with_name(f"{self.path.name}.until-{at_utc:%Y%m%dT%H%M%SZ}"))

    def length_bytes(self) -> int:
        return self.path.stat().st_size if self.path.exists() else 0

    def last(self) -> tuple[str, bytes]:
        """The last complete note, and an incomplete one that a crash left. Reads only the end of the file."""
        if not self.path.exists():
            return "", b""
        with self.path.open("rb") as file:
            file.seek(max(0, file.seek(0, os.SEEK_END) - _TAIL_BYTES))
            parts = file.read().split(b"\n\n")
        # text, signatures, text, signatures, …, what is left
        for at in range(len(parts) - 2, 0, -1):
            if parts[at].startswith(_SIGNED):
                note = parts[at - 1] + b"\n\n" + parts[at] + b"\n"
                return note.decode(errors="replace"), b"\n\n".join(parts[at + 1 :])
        return "", b"\n\n".join(parts)

    def reconcile(self, from_size: Callable[[int | None], Iterator[str]]) -> int:
        """How many missing notes were added to the file. Raises LedgerRefused if it contradicts the database.

        Takes   what gives the database's notes from a size on (None: all), that size's own first."""
        note, left = self.last()
        size = _size(note) if note else None
        stored = from_size(size)
        if note and next(stored, None) != note:
            raise LedgerRefused(
                "file contradicts",
                f"The last checkpoint in {self.path} (size {size}) is not in the database. "
                "Either the database is older than the file, or one of them was changed. Run: troth ledger verify",
            )
        return self._add(stored, left=left)

    def _add(self, stored: Iterator[str], *, left: bytes) -> int:
        count = 0
        for note in stored:
            record = _record(note).encode()
            if not record.startswith(left):
                break
            self._write(record.removeprefix(left))
            left, count = b"", count + 1
        if left:
            raise LedgerRefused("file contradicts", f"The end of {self.path} is no checkpoint of the database.")
        return count

    def _write(self, added: bytes) -> None:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        with self.path.open("ab") as file:
            file.write(added)
            file.flush()
            os.fsync(file.fileno())


def _record(note: str) -> str:
    return f"{note}\n"


def _size(note: str) -> int:
    try:
        return int(note.split("\n", 2)[1])
    except (IndexError, ValueError):
        return -1
