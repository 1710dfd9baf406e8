"""A history a page at a time: a person's own entries and the uses of many people that included them.

An account's owner may be several people, one for each submission: their history is one, asked with all of them.

A history has ten thousand entries after some years. What its filter offers and how many there are say its lines, which
the database makes of an index; of the entries it reads those that a page shows.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import overload
from uuid import UUID

from troth.records.calls import rows
from troth.records.ledger.entries import COLUMNS, LedgerEntry, entry_of


@dataclass(frozen=True)
class PastFilter:
    """Which entries are asked for; what is left out asks for all.

    kinds      of entries: None asks for all of them
    section    its entries; with them those without a section of the purpose `unsectioned`
    data       the kind of data that an entry names
    cause      the request that an entry is of
    since_utc, until_utc    from the first on, before the second"""

    kinds: Collection[str] | None = None
    section: str = ""
    unsectioned: str = ""
    data: str = ""
    cause: UUID | None = None
    since_utc: datetime | None = None
    until_utc: datetime | None = None

    @property
    def asks_for_lines(self) -> bool:
        """Whether some lines of the outline may not fit."""
        return self.kinds is not None or bool(self.section or self.data)

    @property
    def asks_within_lines(self) -> bool:
        """Whether of a line that fits some entries may not."""
        return (self.cause, self.since_utc, self.until_utc) != (None, None, None)

    def fits(self, line: "PastLine") -> bool:
        return (
            (self.kinds is None or line.kind in self.kinds)
            and (not self.section or line.section == self.section or self._is_unsectioned(line))
            and (not self.data or self.data in line.data)
        )

    def _is_unsectioned(self, line: "PastLine") -> bool:
        return not line.section and bool(self.unsectioned) and line.purpose == self.unsectioned


_LINE = "alike, kind, giver, section, purpose, version, data, entries, first_utc"
"""In the order of PastLine."""


class Past(Sequence[LedgerEntry]):
    """The entries that fit, newest first. Counting and cutting a part out are one query each; only a part is read."""

    def __init__(
        self,
        people: Collection[UUID],
        wanted: PastFilter | None = None,
        *,
        lines: "Sequence[PastLine] | None" = None,
    ) -> None:
        """`lines`: the outline, where it is known; else it is asked for where the filter needs it."""
        asked = wanted or PastFilter()
        if lines is None and asked.asks_for_lines:
            lines = outline(people)
        fitting = None if lines is None else [line for line in lines if asked.fits(line)]
        known = fitting is not None and not asked.asks_within_lines
        self._count = sum(line.entries for line in fitting) if fitting is not None and known else None
        self._given = [
            [*people],
            [line.alike for line in fitting] if fitting is not None and asked.asks_for_lines else None,
            asked.cause,
            asked.since_utc,
            asked.until_utc,
        ]

    def __len__(self) -> int:
        if self._count is None:
            ((self._count,),) = rows("select past_count(%s, %s, %s, %s, %s)", self._given)
        return self._count

    @overload
    def __getitem__(self, part: int) -> LedgerEntry: ...
    @overload
    def __getitem__(self, part: slice) -> list[LedgerEntry]: ...
    def __getitem__(self, part: int | slice) -> LedgerEntry | list[LedgerEntry]:
        if isinstance(part, int):
            return self[part : part + 1][0]
        first, most = part.start or 0, part.stop
        call = f"select {COLUMNS} from past_page(%s, %s, %s, %s, %s, %s, %s)"
        return [entry_of(row) for row in rows(call, [*self._given, first, None if most is None else most - first])]


@dataclass(frozen=True)
class PastLine:
    """Entries that are alike: how many, since when, and the kinds of data they name.

    alike  what the database knows them by
    giver  the person who gave that data themselves"""

    alike: int
    kind: str
    giver: UUID | None
    section: str
    purpose: str
    version: int
    data: list[str]
    entries: int
    first_utc: datetime


def outline(people: Collection[UUID]) -> list[PastLine]:
    """What occurs in the history of these people, without reading its entries.   Cost  1 query"""
    found = rows(f"select {_LINE} from past_outline(%s)", [[*people]])
    return [PastLine(*row) for row in found]


def find_start(lines: Iterable[PastLine]) -> datetime | None:
    """When the history began; None where there is none."""
    return min((line.first_utc for line in lines), default=None)
