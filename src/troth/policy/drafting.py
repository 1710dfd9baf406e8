"""The front matter of a next version: its number and date, and what its author declares of changed text."""

import re
from collections.abc import Mapping
from datetime import date, timedelta

from .clocks import find_earliest
from .source import plain
from .terms import Policy

_FRONT = re.compile(r"\A(?P<start>\ufeff?---[ \t]*\n)(?P<lines>.*?)(?P<end>^---[ \t]*$)", re.MULTILINE | re.DOTALL)


def raise_version(text: str, *, version: int, effective: date) -> str:
    """The text as the draft of a version: its number, its date, and nothing declared yet."""
    front = set_field(set_field(text, "version", str(version)), "effective", effective.isoformat())
    return set_field(front, "changes", None)


def find_effective(before: Policy, *, today: date) -> date:
    """The earliest date for a next version: after the one before it, and announced as long before as that promises."""
    return max(before.effective + timedelta(days=1), find_earliest(before, today=today))


def declare(text: str, declared: Mapping[str, str]) -> str:
    """The text with a declaration for each anchor: `wording` or `material`."""
    listed = ", ".join(f"{anchor}: {word}" for anchor, word in declared.items())
    return set_field(text, "changes", f"{{{listed}}}" if declared else None)


def set_field(text: str, key: str, value: str | None) -> str:
    """The text with one field of the front matter set or, for None, removed; other lines stay as they are."""
    return_carriage = "\r\n" in text
    mark = "\ufeff" if text.startswith("\ufeff") else ""
    found = _FRONT.match(plain(text))
    if found is None:
        return text
    old = re.compile(rf"^{re.escape(key)}[ \t]*:.*\n(?:[ \t]+.*\n)*", re.MULTILINE)
    line = "" if value is None else f"{key}:{value}\n" if value.startswith("\n") else f"{key}: {value}\n"
    lines, count = old.subn(line, found["lines"], count=1)
    changed = found["start"] + (lines if count else lines + line) + plain(text)[found.start("end") :]
    return mark + (changed.replace("\n", "\r\n") if return_carriage else changed)
