"""The ways of collecting that a policy states and this version doesn't support, or not with files.

Source  the policy's `collect` rules; `Offer` says what the rooms have a page or a job for.
"""

from troth.catalog.findings import CatalogFinding, CatalogReport
from troth.catalog.offers import Offer
from troth.policy import Policy
from troth.policy.findings import At
from troth.policy.terms import Prose


def not_offered(policy: Policy, offer: Offer) -> tuple[CatalogFinding, ...]:
    """A warning for each way of collecting that the policy states and this version doesn't support."""
    report = CatalogReport("policy.md", policy.text.split("\n"))
    missing = offer.list_missing(policy)
    for section in policy.sections:
        for part in section.parts:
            for rule in () if isinstance(part, Prose) else part.blocks:
                if rule.type == "collect" and rule.id in missing:
                    report.add("not-offered", At(rule.line), id=rule.id)
                elif rule.type == "collect" and rule.id not in offer.files:
                    for ask in policy.collects[rule.id].asks:
                        kind = policy.kinds.get(ask.kind)
                        if kind and kind.files:
                            report.add("no-files-here", At(rule.line), id=rule.id, kind=ask.kind)
    return report.site_findings()
