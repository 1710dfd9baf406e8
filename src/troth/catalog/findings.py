"""Findings in a site folder: like the policy's, each with its file.

Kinds for sites are in `findings.yaml` next to this module; errors in YAML itself, or in the type of a field, are in the
policy's registry.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from types import MappingProxyType

from troth.policy import findings as policy_findings
from troth.policy.findings import FindingKind, Severity, SourcePlace
from troth.policy.own_yaml import load_own_yaml


@dataclass(frozen=True, slots=True)
class CatalogFinding:
    """One place in one file of the site where something is wrong. Line and column count from 1."""

    file: str
    id: str
    line: int
    column: int
    excerpt: str
    message: str
    hint: str
    severity: Severity

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}: {self.severity}: {self.message} [{self.id}]"


@cache
def registry() -> Mapping[str, FindingKind]:
    """Every kind of finding that only a site can have, by id."""
    text = (files(__package__) / "findings.yaml").read_text(encoding="utf-8")
    entries: dict[str, dict[str, str]] = load_own_yaml(text)
    return MappingProxyType({id: _kind(id, entry) for id, entry in entries.items()})


def _kind(id: str, entry: Mapping[str, str]) -> FindingKind:
    words = {name: text.strip() for name, text in entry.items()}
    severity: Severity = "warning" if words.get("severity") == "warning" else "error"
    return FindingKind(
        id=id,
        severity=severity,
        message=words["message"],
        what=words["what"],
        why=words["why"],
        mend=words["mend"],
        bad=words["bad"],
    )


class CatalogReport(policy_findings.Report):
    """The findings of one file of the site, collected while it is read."""

    def __init__(self, file: str, lines: list[str]) -> None:
        super().__init__(lines)
        self.file = file

    def add(self, id: str, place: SourcePlace, /, hint: str = "", **names: object) -> None:
        kind = registry().get(id)
        if kind is None:
            return super().add(id, place, hint, **names)
        line = max(1, min(place.line, max(1, len(self._lines))))
        finding = policy_findings.Finding(
            id=id,
            line=line,
            column=max(1, place.column),
            excerpt=self._excerpt(line),
            message=kind.message.format(**{name: _short(value) for name, value in names.items()}),
            hint=f"{hint} {kind.mend}".strip(),
            severity=kind.severity,
        )
        self._found[finding.line, finding.column, id, finding.message] = finding

    def take(self, other: policy_findings.Report) -> None:
        """Adds the findings of another report on the same file."""
        for finding in other.findings():
            self._found[finding.line, finding.column, finding.id, finding.message] = finding

    def site_findings(self) -> tuple[CatalogFinding, ...]:
        """All findings from top to bottom, with the file's name."""
        return tuple(in_file(self.file, finding) for finding in self.findings())


def in_file(file: str, finding: policy_findings.Finding) -> CatalogFinding:
    """The same finding, with the name of its file."""
    return CatalogFinding(
        file=file,
        id=finding.id,
        line=finding.line,
        column=finding.column,
        excerpt=finding.excerpt,
        message=finding.message,
        hint=finding.hint,
        severity=finding.severity,
    )


def _short(value: object) -> str:
    text = " ".join(str(value).split())
    return text if len(text) <= 80 else text[:79] + "…"
