"""The rules of cookies that a policy lists in a table: name, purpose and lifetime of each.

    | Name | What it is for | Lifetime |
    | --- | --- | --- |
    | lk_session | Keeps you signed in | 12 hours |

suggests `cookie: lk_session` for the purpose account.
"""

import re
from collections.abc import Collection, Iterator, Mapping

from .lexicon import Lexicon
from .sentences import strip_inline
from .stated import find_times

_ROW = re.compile(r"^\|(.+)\|\s*$", re.MULTILINE)
_BORDER = re.compile(r"(?<!\\)\|")
_NAME = re.compile(r"[A-Za-z0-9_.-]{2,60}(?=$|[,;*\s])")
_SESSION = re.compile(r"\bsession\b|\bclose\b", re.IGNORECASE)
_NEEDED = ("account", "security")
"""The purposes whose cookies a site can't work without."""


def write_cookies(
    markdown: str, says: Mapping[str, re.Pattern[str]], purposes: Collection[str], lexicon: Lexicon
) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Name and rule of each cookie.   Takes  how a row says its purpose, and the purposes that have rules."""
    for row in _ROW.findall(markdown):
        cells = [strip_inline(cell) for cell in _BORDER.split(row)]
        name = _NAME.match(cells[0])
        lifetime, lasting = _find_lifetime(cells[1:], lexicon)
        if name and lifetime:
            words = " ".join(cells[1:])
            purpose = next((each for each, said in says.items() if each in purposes and said.search(words)), "")
            why = max((cell for cell in cells[1:] if cell != lasting), key=len, default=lasting)
            yield name[0], tuple(_write(name[0], purpose, lifetime, why))


def _write(name: str, purpose: str, lifetime: str, why: str) -> Iterator[str]:
    yield f"cookie: {name}"
    yield f"title: {why}"
    yield f"purpose: {purpose}" if purpose else "# purpose: …"
    yield f"lifetime: {lifetime}"
    if purpose in _NEEDED:
        yield f"essential: {why}"


def _find_lifetime(cells: list[str], lexicon: Lexicon) -> tuple[str, str]:
    """A lifetime as a rule says it, and the cell that does; both empty where none does."""
    times = [(str(stated.time), cell) for cell in cells for stated in find_times(cell, lexicon)]
    sessions = [("session", cell) for cell in cells[-1:] if _SESSION.search(cell)]
    return next(iter((*times, *sessions)), ("", ""))
