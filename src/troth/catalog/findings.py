"""Findings in a site folder: like the policy's, each with its file.

Kinds for sites are in `findings.yaml` next to this module; errors in YAML itself, or in the type of a field, are in the
policy's registry.
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from functools import cache
from types import MappingProxyType

from troth.policy import findings as policy_findings
from troth.policy.findings import FindingKind


@dataclass(frozen=True, slots=True, kw_only=True)
class CatalogFinding(policy_findings.Finding):
    """One place in one file of the site where something is wrong."""

    file: str

    def __str__(self) -> str:
        return f"{self.file}:{policy_findings.Finding.__str__(self)}"


@cache
def registry() -> Mapping[str, FindingKind]:
    """Every kind of finding that only a site can have, by id."""
    return policy_findings.read_registry(__package__ or "")


@cache
def _list_all() -> Mapping[str, FindingKind]:
    return MappingProxyType({**policy_findings.registry(), **registry()})


class CatalogReport(policy_findings.Report):
    """The findings of one file of the site, collected while it is read."""

    _kinds = staticmethod(_list_all)

    def __init__(self, file: str, lines: list[str]) -> None:
        super().__init__(lines)
        self.file = file

    def take(self, other: policy_findings.Report) -> None:
        """Adds the findings of another report on the same file."""
        for finding in other.findings():
            self._found[finding.line, finding.column, finding.id, finding.message] = finding

    def site_findings(self) -> tuple[CatalogFinding, ...]:
        """All findings from top to bottom, with the file's name."""
        return tuple(in_file(self.file, finding) for finding in self.findings())


def in_file(file: str, finding: policy_findings.Finding) -> CatalogFinding:
    """The same finding, with the name of its file."""
    return CatalogFinding(file=file, **{each.name: getattr(finding, each.name) for each in fields(finding)})
