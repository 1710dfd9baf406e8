"""The emails that this program sends for each purpose: `troth policy check` says about which a policy is silent.

Source  the rooms' own `Email` values; a test compares.
"""

from collections.abc import Iterator, Mapping

from troth.catalog.findings import CatalogFinding, CatalogReport
from troth.policy import Policy
from troth.policy.findings import At
from troth.policy.terms import Prose, Rule

HELD: Mapping[str, tuple[str, ...]] = {
    "quotes": ("receipt", "request"),
    "inquiries": ("receipt",),
}
"""Purpose → emails that leave only where the policy states them."""

OWED: Mapping[str, tuple[str, ...]] = {
    "account": ("confirm", "address", "reset"),
    "security": ("notice", "announced"),
    "organization": ("agreed", "asked", "invited", "refused", "removed", "role"),
    "rights": ("received", "extended", "answered", "denied", "notice", "erasing"),
}
"""Purpose → emails that protect an account or answer a request: they leave anyway, by a time of our own."""


def silent(policy: Policy) -> tuple[CatalogFinding, ...]:
    """A warning for each purpose with emails that its rule does not state."""
    report = CatalogReport("policy.md", policy.text.split("\n"))
    for rule in _purposes(policy):
        for id, emails in (("email-held-back", HELD), ("email-not-timed", OWED)):
            stated = {email.name for email in policy.purposes[rule.id].emails}
            missing = [name for name in emails.get(rule.id, ()) if name not in stated]
            if missing:
                report.add(id, At(rule.line), id=rule.id, emails=", ".join(missing))
    return report.site_findings()


def _purposes(policy: Policy) -> Iterator[Rule]:
    for section in policy.sections:
        for part in section.parts:
            if not isinstance(part, Prose):
                yield from (rule for rule in part.blocks if rule.type == "purpose")
