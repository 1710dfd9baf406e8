"""Where the history begins that a reply carries along. Nothing is dropped: both parts together are the whole text."""

import re
from collections.abc import Iterator
from itertools import zip_longest

_WROTE = re.compile(
    r"^(?:On|Am|Le|El|Il|Op|Em|Den|W dniu|Dne|Pe)\b.{0,300}"
    r"(?:wrote|schrieb|a écrit|escribió|ha scritto|schreef|escreveu|skrev|napisał|napsal|a scris)\b.{0,80}:\s*$"
)
_RULED = re.compile(
    r"^\s*(?:-{2,}\s*(?:Original Message|Ursprüngliche Nachricht|Message d.origine|Mensaje original|Messaggio originale"
    r"|Forwarded message|Weitergeleitete Nachricht|Reply above this line).{0,40}-{2,}|_{20,})\s*$",
    re.IGNORECASE,
)
_FIELD = re.compile(r"^\*?(?:From|Von|De|Da|Van|Från)\s?:\*?\s.{3,300}$", re.IGNORECASE)
_NEXT_FIELD = re.compile(
    r"^\*?(?:Sent|Date|To|Cc|Subject|Gesendet|Datum|An|Betreff|Envoyé|À|Objet|Enviado|Para|Asunto|Verzonden)\s?:",
    re.IGNORECASE,
)
_MOST_LINES = 20_000


def split_history(text: str) -> tuple[str, str]:
    """(what was written now, the history under it).

    Answers between quoted lines stay where they are: only what has nothing of the sender's after it is history."""
    lines = text.splitlines(keepends=True)
    if len(lines) > _MOST_LINES:
        return text, ""
    quoted = _list_quoted_to_the_end(lines)
    start = next((at for at in _list_likely(lines) if _begins(lines, at, quoted)), None)
    if start is None:
        start = _trailing(lines)
    if start == 0 and not any(line.lstrip().startswith(">") for line in lines):
        return text, ""  # a mail that is nothing but a forwarded one
    return "".join(lines[:start]), "".join(lines[start:])


def _list_likely(lines: list[str]) -> Iterator[int]:
    """Lines that may begin it: what `_begins` looks for has a colon, if not in the next line, or a rule."""
    for at, (line, following) in enumerate(zip_longest(lines, lines[1:], fillvalue="")):
        if ":" in line or ":" in following or line.lstrip().startswith(("-", "_")):
            yield at


def _begins(lines: list[str], at: int, quoted: list[bool]) -> bool:
    line = lines[at].rstrip()
    if _RULED.match(line):
        return True
    if _FIELD.match(line):
        return sum(1 for later in lines[at + 1 : at + 7] if _NEXT_FIELD.match(later)) >= 2
    joined = line if line.endswith(":") else f"{line} {lines[at + 1].strip()}" if at + 1 < len(lines) else line
    return bool(_WROTE.match(joined)) and quoted[min(at + 1 + (joined != line), len(lines))]


def _list_quoted_to_the_end(lines: list[str]) -> list[bool]:
    """Of each line whether all from it on is quoted, or nothing is: as programs without marks write the history.

    Told from the end once: a mail of many beginnings would take quadratic time."""
    found, some, each = [True], False, True
    for line in reversed(lines):
        if line.strip():
            marked = line.lstrip().startswith(">")
            some, each = some or marked, each and marked
        found.append(not some or each)
    return found[::-1]


def _trailing(lines: list[str]) -> int:
    """Where the quoted lines at the end begin."""
    start = len(lines)
    while start and (not lines[start - 1].strip() or lines[start - 1].lstrip().startswith(">")):
        start -= 1
    return start if any(line.lstrip().startswith(">") for line in lines[start:]) else len(lines)
