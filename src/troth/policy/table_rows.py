"""Tables as rows of cells, by what their heads call the columns."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from .sentences import strip_inline

_ROW = re.compile(r"^[ \t]*\|(.+)\|[ \t]*$", re.MULTILINE)
_BORDER = re.compile(r"(?<!\\)\|")
_RULE = re.compile(r"[\s:|-]+")


@dataclass(frozen=True, slots=True)
class Table:
    """The cells of a table's head and rows, without markup."""

    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]

    def find_column(self, says: re.Pattern[str]) -> int | None:
        """The number of the first column whose head says this, but for the one that names the rows."""
        return next((number for number, cell in enumerate(self.head) if number and says.search(cell)), None)


def find_table(markdown: str) -> Table | None:
    """The table of a passage; None where it has none."""
    lines = _ROW.findall(markdown)
    if len(lines) < 2 or not _RULE.fullmatch(lines[1]):
        return None
    head, *rows = (tuple(strip_inline(cell) for cell in _BORDER.split(line)) for line in (lines[0], *lines[2:]))
    return Table(head, tuple(row for row in rows if any(row)))


def find_cell(row: Sequence[str], column: int | None) -> str:
    """The cell of a row in a column; empty where there is none."""
    return row[column] if column is not None and column < len(row) else ""


def name_id(name: str) -> str:
    """An id of the first words of a company's name."""
    return "-".join(re.findall(r"[a-z0-9]+", name.lower())[:2]) or "company"
