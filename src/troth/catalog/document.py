"""Generates the documentation of findings in a site folder from their registry."""

import sys

from troth.policy.findings import FindingKind

from .findings import registry


def document() -> str:
    """The text of docs/site-findings.md."""
    head = (
        "# Findings in a site folder\n\n"
        "Generated from `src/troth/catalog/findings.yaml`"
        " by `python -m troth.catalog.document > docs/site-findings.md`; a test keeps it current.\n"
        "What is wrong with YAML as such, or with a field's shape, is in `findings.md`.\n\n"
        "| id | severity | what |\n|---|---|---|\n"
    )
    rows = (f"| [`{kind.id}`](#{kind.id}) | {kind.severity} | {kind.what} |\n" for kind in registry().values())
    return head + "".join(rows) + "".join(_entry(kind) for kind in registry().values())


def _entry(kind: FindingKind) -> str:
    return (
        f"\n## {kind.id}\n{kind.what}\n\n*Why.* {kind.why}\n\n*How to fix.* {kind.mend}\n\n"
        f"*Bad.*\n````text\n{kind.bad}\n````\n"
    )


if __name__ == "__main__":
    sys.stdout.write(document())
