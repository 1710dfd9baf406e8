"""Checks checkpoints against the tree: each signed root must be the root of that many leaves."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from troth.notes import Verifier
from troth.records.ledger.checkpoints import CheckpointNote, LedgerRefused
from troth.records.ledger.merkle import Frontier


@dataclass(frozen=True)
class LedgerFinding:
    """Something that is not as it was signed. `code` is for programs."""

    code: str
    where: str
    sentence: str

    def __str__(self) -> str:
        return f"{self.where}: {self.sentence} [{self.code}]"


@dataclass
class SignedTree:
    """Compares each checkpoint with the tree at that number of leaves."""

    keys: Sequence[Verifier]
    rows: Iterator[tuple[Any, ...]]
    frontier: Frontier
    earlier: CheckpointNote | None
    words: frozenset[int] = frozenset()
    """Sizes of checkpoints after which the operator said that the clock had been wrong, and is right."""
    count: int = 0
    latest: CheckpointNote | None = None
    _next: tuple[Any, ...] | None = None
    _broken: int | None = None

    def __post_init__(self) -> None:
        self._next = next(self.rows, None)
        self.latest = self.earlier

    def compare_up_to(self, size: int) -> Iterator[LedgerFinding]:
        while self._next is not None and self._next[0] <= size:
            yield from self._compare(*self._next)
            self._next = next(self.rows, None)

    def rest(self) -> Iterator[LedgerFinding]:
        while self._next is not None:
            where = f"checkpoint {self._next[0]}"
            yield LedgerFinding("tail cut", where, f"The tree has only {self.frontier.size} leaves.")
            self._next = next(self.rows, None)
        size = self.latest.size if self.latest else 0
        if size != self.frontier.size:
            where = f"position {size} to {self.frontier.size - 1}"
            yield LedgerFinding("not signed", where, "These leaves are in the tree, but no checkpoint has them.")

    def _compare(self, size: int, root: bytes, at_utc: datetime, note: str) -> Iterator[LedgerFinding]:
        where = f"checkpoint {size}"
        self.count += 1
        try:
            opened = CheckpointNote.open(note, self.keys)
        except LedgerRefused as refused:
            yield LedgerFinding("corrupt checkpoint", where, str(refused))
            opened = None
        if opened and (opened.size, opened.root, opened.at_utc) != (size, bytes(root), at_utc):
            yield LedgerFinding("corrupt checkpoint", where, "The row says something else than what was signed.")
        # An operator may have confirmed that the clock was set back: such a size is among the words.
        if opened and self.latest and opened.at_utc < self.latest.at_utc and self.latest.size not in self.words:
            yield LedgerFinding("clock backward", where, "It is dated before the checkpoint before it.")
        # A note that cannot be read leaves the row to compare with: both checks are wanted.
        signed = opened.root if opened and opened.size == size else bytes(root)
        if self.frontier.size == size and self.frontier.root() != signed and self._broken is None:
            self._broken = size
            yield LedgerFinding("root differs", where, "The tiles up to here do not give the root that was signed.")
        self.latest = opened if opened and opened.size == size else CheckpointNote("", size, bytes(root), at_utc)
