"""The policy as staff see it: the version in force, the draft in the site folder, and its findings."""

from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from troth import in_force
from troth.desk import index
from troth.desk.staff import staff_only
from troth.policy import Change, Finding, diff
from troth.policy.terms import Policy
from troth.site import site


@dataclass(frozen=True)
class Draft:
    """policy.md of the site folder beside the adopted version. `state`: same, ready, faulty, missing."""

    state: str
    findings: tuple[Finding, ...]
    changes: tuple[Change, ...]
    version: int | None


@require_safe
@staff_only
def policy(request: HttpRequest) -> HttpResponse:
    """Adopted version, draft and its findings, and which pages the policy switches off."""
    adopted = in_force.policy()
    context = {
        "adopted": adopted,
        "versions": sorted(in_force.law().versions.values(), key=lambda one: -one.version),
        "draft": draft_of(Path(settings.TROTH_SITE) / "policy.md", adopted),
        "pages": [(page.address, page.place, page.is_offered(adopted)) for page in index.pages() if page.place],
        "missing": [adopted.collects[id] for id in adopted.collects if id in index.offer().list_missing(adopted)],
    }
    return render(request, "console/policy.html", context)


def draft_of(path: Path, adopted: Policy) -> Draft:
    """The draft, checked now. Reading it changes nothing: only adopting does."""
    try:
        raw = path.read_bytes()
    except OSError:
        return Draft("missing", (), (), None)
    if raw == adopted.text.encode():
        return Draft("same", (), (), adopted.version)
    compiled = in_force.compile_text(raw)
    today = timezone.localdate(timezone=site().brand.zone)
    found = in_force.findings_against(raw, today=today) if compiled.policy else compiled.findings
    if compiled.policy is None or any(finding.severity == "error" for finding in found):
        return Draft("faulty", found, (), None)
    return Draft("ready", found, diff(adopted, compiled.policy), compiled.policy.version)
