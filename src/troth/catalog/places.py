"""The ways of collecting that this version supports. A policy may state more, which are not available yet.

Source  the policy's `collect` rules; each place here has a room with its page.
"""

from troth.catalog.findings import CatalogFinding, CatalogReport
from troth.policy import Policy
from troth.policy.findings import At
from troth.policy.terms import Prose

PLACES = frozenset(
    {
        "form.quote",
        "form.contact",
        "form.register",
        "form.account",
        "form.profile",
        "form.privacy",
        "form.invitation",
        "staff.entry",
        "agent.request",
        "automatic.cookie",
    }
)


TAKE_FILES = frozenset({"form.quote", "form.contact", "form.register", "form.profile", "form.privacy"})
"""Those whose page takes files; each view of them says so with `takes_files`."""


def list_unoffered(policy: Policy) -> frozenset[str]:
    """Ids of the `collect` rules for which there is no page and no job."""
    return frozenset(policy.collects) - PLACES


def not_offered(policy: Policy) -> tuple[CatalogFinding, ...]:
    """A warning for each way of collecting that the policy states and this version doesn't support."""
    report = CatalogReport("policy.md", policy.text.split("\n"))
    missing = list_unoffered(policy)
    for section in policy.sections:
        for part in section.parts:
            for rule in () if isinstance(part, Prose) else part.blocks:
                if rule.type == "collect" and rule.id in missing:
                    report.add("not-offered", At(rule.line), id=rule.id)
                elif rule.type == "collect" and rule.id not in TAKE_FILES:
                    for ask in policy.collects[rule.id].asks:
                        if policy.kinds[ask.kind].files:
                            report.add("no-files-here", At(rule.line), id=rule.id, kind=ask.kind)
    return report.site_findings()
