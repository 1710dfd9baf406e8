"""The journal: what people opted out of or deleted, outside the database, so that restoring a backup can't undo it.

A line for each opt-out, signal, removed value and erasure, written after its transaction has committed and before
anyone gets a response. If the process dies in between, the line is missing, and the next start adds it from the
ledger. Lines contain ids and codes, never values:

    {"act": "chose", "person": "0190…", "entry": "0190…", "at": "2026-11-02T…", "question": "marketing", …} 9f3c…
    {"act": "mark", "ordered": 4711, "entries": 4720} 77ab…         everything in the ledger up to here is above

After the braces comes a keyed hash of the rest: an incomplete or changed line is ignored, and a restore reports it.
Only what forbids is stored: what people allowed after a backup is asked again.

Policy  #P2, #L2, #S1
"""

import errno
import hmac
import json
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction

from troth.opening import explain_file_error
from troth.seal import Vault, vault

CHOSE, SIGNAL, REMOVED, ERASED, ERASED_IN_PART = "chose", "signal", "removed", "erased", "erased in part"
ACTS = (CHOSE, SIGNAL, REMOVED, ERASED, ERASED_IN_PART)
"""Kinds of ledger entries that have a line."""
_MARK = b'{"act": "mark"'


class JournalProblem(Exception):
    """The journal cannot be used; the message is a sentence for the operator."""


@dataclass(frozen=True)
class JournalAct:
    """What someone opted out of or deleted, with its ledger entry. `details`: ids and codes by name."""

    kind: str
    person: UUID
    entry: UUID
    at_utc: datetime
    details: Mapping[str, Any]


@dataclass(frozen=True)
class Mark:
    """How many ledger entries were ordered, and how many there were in total, when everything was above."""

    ordered: int
    entries: int


@dataclass(frozen=True)
class Journal:
    """The file. It is only ever appended to, and readable by its user alone."""

    path: Path
    vault: Vault

    def append(self, *acts: JournalAct) -> None:
        """On the disk when this returns, several at once. Raises JournalProblem."""
        self._write(*(_fields(act) for act in acts))

    def mark(self, mark: Mark) -> None:
        self._write({"act": "mark", "ordered": mark.ordered, "entries": mark.entries})

    def acts(self) -> Iterator[JournalAct]:
        """All of them, oldest first, without invalid lines."""
        yield from (_act(fields) for fields in self._read(0) if fields["act"] in ACTS)

    def since_mark(self) -> tuple[Mark | None, list[JournalAct]]:
        """The last mark and what is below it."""
        begin = max(self._bytes().rfind(_MARK), 0)
        mark, *rest = [*self._read(begin)] or [{"act": ""}]
        if mark["act"] != "mark":
            return None, list(self.acts())
        return Mark(mark["ordered"], mark["entries"]), [_act(fields) for fields in rest if fields["act"] in ACTS]

    def lacking(self, acts: Iterable[JournalAct]) -> list[JournalAct]:
        """Those of these acts that have no valid line."""
        written = self._bytes()
        return [act for act in acts if not self._stands(f'"entry": "{act.entry}"'.encode(), written)]

    def _stands(self, words: bytes, written: bytes) -> bool:
        at = written.find(words)
        while at >= 0:
            begin, end = written.rfind(b"\n", 0, at) + 1, written.find(b"\n", at)
            if end >= 0 and self._read_line(written[begin:end]) is not None:
                return True
            at = written.find(words, at + 1)
        return False

    def find_damaged(self) -> list[int]:
        """Numbers of the lines that are incomplete or changed."""
        lines = enumerate(self._bytes().split(b"\n"), 1)
        return [number for number, line in lines if line and self._read_line(line) is None]

    def _read(self, begin_byte: int) -> Iterator[dict[str, Any]]:
        for line in self._bytes()[begin_byte:].split(b"\n"):
            fields = self._read_line(line)
            if fields is not None:
                yield fields

    def _read_line(self, line: bytes) -> dict[str, Any] | None:
        text, _, mark = line.rpartition(b" ")
        if not hmac.compare_digest(self.vault.line_mark(text).encode(), mark):
            return None
        fields: dict[str, Any] = json.loads(text)
        return fields

    def _bytes(self) -> bytes:
        try:
            return self.path.read_bytes()
        except FileNotFoundError:
            return b""
        except OSError as error:
            raise JournalProblem(f"Can't read the journal {self.path}: {explain_file_error(error)}.") from error

    def _write(self, *all_fields: Mapping[str, Any]) -> None:
        """Writes the lines with one system call, so that lines don't mix. Starts again after an incomplete one."""
        texts = [json.dumps(fields, ensure_ascii=False).encode() for fields in all_fields]
        lines = b"".join(b"\n" + text + b" " + self.vault.line_mark(text).encode() + b"\n" for text in texts)
        try:
            self._make()
            handle = os.open(self.path, os.O_WRONLY | os.O_APPEND)
            try:
                if os.write(handle, lines) != len(lines):
                    raise OSError(errno.ENOSPC, "the disk is full")
                os.fdatasync(handle)
            finally:
                os.close(handle)
        except OSError as error:
            raise JournalProblem(
                f"Can't write to the journal {self.path}: {explain_file_error(error)}. What was asked is done, but "
                "nobody is told before the journal has it. Fix this, then start the site again."
            ) from error

    def _make(self) -> None:
        if self.path.exists():
            return
        self.path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        os.close(os.open(self.path, os.O_WRONLY | os.O_CREAT, 0o600))
        for folder in (self.path.parent, self.path.parent.parent):
            handle = os.open(folder, os.O_RDONLY)
            os.fsync(handle)  # the name lasts as its lines do
            os.close(handle)


def of_site() -> Journal:
    return Journal(Path(settings.TROTH_JOURNAL_FILE), vault())


def keep(kind: str, *, person: UUID, entry: UUID, **details: Any) -> None:
    """Writes the line after the caller's transaction has committed, before the caller continues."""
    keep_all([JournalAct(kind, person, entry, datetime.now(UTC), details)])


def keep_erasure(person: UUID, became: str, *, entry: UUID, who: str, kept: Sequence[str]) -> None:
    """As `keep`, where it was carried out: "erased", or "kept" with kinds that a law keeps."""
    if became in ("erased", "kept"):
        act = ERASED if became == "erased" else ERASED_IN_PART
        keep(act, person=person, entry=entry, who=who, kept=list(kept))


def keep_all(acts: Sequence[JournalAct]) -> None:
    """As `keep`, for several: their lines reach the disk together."""
    if acts:
        transaction.on_commit(partial(of_site().append, *acts))


def _fields(act: JournalAct) -> dict[str, Any]:
    known = {"act": act.kind, "person": str(act.person), "entry": str(act.entry), "at": act.at_utc.isoformat()}
    return {**known, **act.details}


def _act(fields: Mapping[str, Any]) -> JournalAct:
    known = ("act", "person", "entry", "at")
    details = {name: value for name, value in fields.items() if name not in known}
    at_utc = datetime.fromisoformat(fields["at"])
    return JournalAct(fields["act"], UUID(fields["person"]), UUID(fields["entry"]), at_utc, details)
