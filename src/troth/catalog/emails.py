"""About which of the emails that this program sends a policy is silent: `troth policy check` says so."""

from collections.abc import Iterator

from troth.catalog.findings import CatalogFinding, CatalogReport
from troth.catalog.offers import Offer
from troth.policy import Policy
from troth.policy.findings import At
from troth.policy.terms import Prose, Rule


def silent(policy: Policy, offer: Offer) -> tuple[CatalogFinding, ...]:
    """A warning for each purpose with emails that its rule does not state."""
    report = CatalogReport("policy.md", policy.text.split("\n"))
    for rule in _purposes(policy):
        for id, emails in (("email-held-back", offer.held), ("email-not-timed", offer.owed)):
            purpose = policy.purposes[rule.id]
            stated = {email.name for email in purpose.emails}
            due = [email.name for email in emails.get(rule.id, ()) if email.concerns(purpose)]
            missing = [name for name in due if name not in stated]
            if missing:
                report.add(id, At(rule.line), id=rule.id, emails=", ".join(missing))
    return report.site_findings()


def _purposes(policy: Policy) -> Iterator[Rule]:
    for section in policy.sections:
        for part in section.parts:
            if not isinstance(part, Prose):
                yield from (rule for rule in part.blocks if rule.type == "purpose")
