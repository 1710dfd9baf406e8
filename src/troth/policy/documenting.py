"""Generates docs/findings.md from the registry: `python -m troth.policy.documenting > docs/findings.md`."""

import sys

from .findings import FindingKind, registry


def document() -> str:
    """The text of docs/findings.md."""
    head = (
        "# Findings of the policy compiler\n\n"
        "Generated from `src/troth/policy/findings.yaml` by `python -m troth.policy.documenting > docs/findings.md`;"
        " a test keeps it current.\nAn *error* keeps a version from being adopted; a *warning* does not.\n"
        "What `troth policy check` says of a site folder, and of what this version doesn't support, is in"
        " [site-findings.md](site-findings.md).\n\n"
    )
    table = "".join(f"| [`{kind.id}`](#{kind.id}) | {kind.severity} | {kind.what} |\n" for kind in registry().values())
    return (
        head
        + "| id | severity | what |\n|---|---|---|\n"
        + table
        + "".join(_entry(kind) for kind in registry().values())
    )


def _entry(kind: FindingKind) -> str:
    return (
        f"\n## {kind.id}\n**{kind.severity.capitalize()}.** {kind.what}\n\n"
        f"*Why.* {kind.why}\n\n*How to fix.* {kind.mend}\n\n*Bad.*\n````text\n{kind.bad}\n````\n"
    )


if __name__ == "__main__":
    sys.stdout.write(document())
