"""The rules of cookies that a policy lists in a table: name, purpose and lifetime of each, and who sets it.

    | Name | What it is for | Lifetime |
    | --- | --- | --- |
    | lk_session | Keeps you signed in | 12 hours |

suggests `cookie: lk_session` for the purpose account.
"""

import re
from collections.abc import Collection, Iterator, Mapping

from .lexicon import Lexicon
from .stated import find_times
from .table_rows import Table, find_cell

_NAMES = re.compile(r"\s*(?:,|;|/|\band\b)\s*")
_NAME = re.compile(r"([A-Za-z0-9_.-]{2,60})([*…]|<\w+>)*(?:\s*\(.*\))?")
_SESSION = re.compile(r"\bsession\b|\bclose\b", re.IGNORECASE)
_SETTER = re.compile(r"\b(?:provider|set\s+by|vendor|company|party|who)\b", re.IGNORECASE)
_NEEDED = ("account", "security")
"""The purposes whose cookies a site can't work without."""


def is_of_cookies(table: Table, around: str) -> bool:
    """Whether a table lists cookies: its head, or the text around it, says so, and each first cell is one of names."""
    return "cookie" in f"{' '.join(table.head)} {around}".lower() and all(list_names(row[0]) for row in table.rows)


def list_names(cell: str) -> list[str]:
    """The names of cookies in a cell; none where it has other words.

    `_ga_*` counts where no whole name is beside it."""
    found = [_NAME.fullmatch(each) for each in _NAMES.split(cell)]
    known = [each for each in found if each] if all(found) else []
    return [each[1] for each in known if not each[2]] or [each[1] for each in known]


def find_setter(table: Table, row: tuple[str, ...]) -> str:
    """Who sets a row's cookies, where the table has a column for that."""
    return find_cell(row, table.find_column(_SETTER))


def write_cookies(
    row: tuple[str, ...], says: Mapping[str, re.Pattern[str]], purposes: Collection[str], setter: str, lexicon: Lexicon
) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Name and rule of each cookie of a row.

    Takes   how a row says its purpose, the purposes that have rules, and the id of a company that sets them
    """
    names = list_names(row[0])
    lifetimes, lasting = _find_lifetimes(row[1:], lexicon)
    words = " ".join(row[1:])
    purpose = next((each for each, said in says.items() if each in purposes and said.search(words)), "")
    why = max((cell for cell in row[1:] if cell != lasting), key=len, default=lasting)
    for number, name in enumerate(names if lifetimes else ()):
        lifetime = lifetimes[number] if len(lifetimes) == len(names) else lifetimes[0]
        yield name, tuple(_write(name, purpose, lifetime, why, setter))


def _write(name: str, purpose: str, lifetime: str, why: str, setter: str) -> Iterator[str]:
    yield f"cookie: {name}"
    yield f"title: {why}"
    yield f"purpose: {purpose}" if purpose else "# purpose: …"
    yield f"lifetime: {lifetime}"
    if setter:
        yield f"set by: {setter}"
    if purpose in _NEEDED:
        yield f"essential: {why}"


def _find_lifetimes(cells: tuple[str, ...], lexicon: Lexicon) -> tuple[list[str], str]:
    """The lifetimes as rules say them, and the cell that does; both empty where none does."""
    for cell in cells:
        if times := [str(stated.time) for stated in find_times(cell, lexicon)]:
            return times, cell
    return next(((["session"], cell) for cell in cells[-1:] if _SESSION.search(cell)), ([], ""))
