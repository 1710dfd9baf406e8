"""Kinds of findings in a policy, and the report that collects them.

The registry is `findings.yaml`; `docs/findings.md` is made from it by `documenting`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Literal, Protocol

from .own_yaml import load_own_yaml

Severity = Literal["error", "warning"]
EXCERPT_LENGTH = 120


@dataclass(frozen=True, slots=True)
class FindingKind:
    """One thing that can be wrong: what it is, why it matters, how to fix it, and a bad example."""

    id: str
    message: str
    what: str
    why: str
    mend: str
    bad: str
    severity: Severity = "error"


@dataclass(frozen=True, slots=True)
class Finding:
    """One place where something is wrong. Line and column count from 1."""

    id: str
    line: int
    column: int
    excerpt: str
    message: str
    hint: str
    severity: Severity

    def __str__(self) -> str:
        return f"{self.line}:{self.column}: {self.severity}: {self.message} [{self.id}]"


class SourcePlace(Protocol):
    @property
    def line(self) -> int: ...
    @property
    def column(self) -> int: ...


@dataclass(frozen=True, slots=True)
class At:
    """A place by its numbers."""

    line: int
    column: int = 1


@cache
def registry() -> Mapping[str, FindingKind]:
    """Every kind of finding by id, in the order of the documentation."""
    return read_registry(__package__ or "")


def read_registry(package: str) -> Mapping[str, FindingKind]:
    """The kinds that the package's `findings.yaml` lists, by id."""
    text = (files(package) / "findings.yaml").read_text(encoding="utf-8")
    entries: dict[str, dict[str, str]] = load_own_yaml(text)
    kinds = {id: FindingKind(id=id, **_texts(entry)) for id, entry in entries.items()}  # type: ignore[arg-type]
    return MappingProxyType(kinds)


def _texts(entry: Mapping[str, str]) -> dict[str, str]:
    return {name: text.rstrip("\n") for name, text in entry.items()}


class Report:
    """The findings of one text, collected while it is read; reading doesn't stop at the first one."""

    _kinds = staticmethod(registry)

    def __init__(self, lines: list[str]) -> None:
        self._lines = lines
        self._found: dict[tuple[int, int, str, str], Finding] = {}

    def add(self, id: str, place: SourcePlace, /, hint: str = "", **names: object) -> None:
        """Adds a finding. `names` fill its message; `hint` comes before the general way to fix it."""
        kind = self._kinds()[id]
        line = max(1, min(place.line, max(1, len(self._lines))))
        finding = Finding(
            id=id,
            line=line,
            column=max(1, place.column),
            excerpt=self._excerpt(line),
            message=kind.message.format(**{name: _short(value) for name, value in names.items()}),
            hint=f"{hint} {kind.mend}".strip(),
            severity=kind.severity,
        )
        self._found[finding.line, finding.column, id, finding.message] = finding

    def drop(self, id: str, place: SourcePlace) -> None:
        """Takes out a finding that another one says better."""
        self._found = {key: finding for key, finding in self._found.items() if (key[0], key[2]) != (place.line, id)}

    def _excerpt(self, line: int) -> str:
        text = self._lines[line - 1].strip() if self._lines else ""
        return text if len(text) <= EXCERPT_LENGTH else text[: EXCERPT_LENGTH - 1] + "…"

    @property
    def first(self) -> SourcePlace:
        """The place of what has none of its own."""
        return At(1)

    @property
    def failed(self) -> bool:
        return any(finding.severity == "error" for finding in self._found.values())

    def findings(self) -> tuple[Finding, ...]:
        """All findings from top to bottom."""
        return tuple(self._found[key] for key in sorted(self._found))


def _short(value: object) -> str:
    text = " ".join(str(value).split())
    return text if len(text) <= 80 else text[:79] + "…"
