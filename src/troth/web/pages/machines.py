"""What programs ask a site for: robots, privacy signals, whom to tell of a vulnerability, colors."""

from datetime import UTC, datetime, timedelta

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_safe

from troth import in_force
from troth.web import reference

PLAIN = "text/plain; charset=utf-8"
SECURITY_TXT_LASTS = timedelta(days=180)

_ROBOTS = """User-agent: *
Disallow: /console/
Disallow: /history/
Disallow: /outbox/
Disallow: /receipt/
"""


@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    return HttpResponse(_ROBOTS, content_type=PLAIN)


@require_safe
def gpc(request: HttpRequest) -> HttpResponse:
    """That we honor the signal, since when. Source: GPC, § 5 GPC Support Resource. Policy: #C14."""
    policy = in_force.policy()
    return JsonResponse({"gpc": True, "lastUpdate": policy.effective.isoformat()})


@require_safe
def security_txt(request: HttpRequest) -> HttpResponse:
    """Whom to tell of a vulnerability. Source: RFC 9116."""
    policy = in_force.policy()
    expires = (datetime.now(UTC) + SECURITY_TXT_LASTS).replace(hour=0, minute=0, second=0, microsecond=0)
    base = settings.TROTH_BASE_URL
    lines = [
        f"Contact: mailto:{policy.privacy_email}",
        f"Expires: {expires:%Y-%m-%dT%H:%M:%SZ}",
        f"Preferred-Languages: {policy.language}",
        f"Canonical: {base}/.well-known/security.txt",
        f"Policy: {base}/policy" + ("#S1" if policy.section("S1") else ""),
    ]
    return HttpResponse("\n".join(lines) + "\n", content_type=PLAIN)


@require_safe
def brand_css(request: HttpRequest) -> HttpResponse:
    """The brand's own colours, over ours."""
    colors = reference.colors()
    if not colors:
        raise Http404
    rules = "".join(f"  --{name}: {value};\n" for name, value in colors.items())
    return HttpResponse(f":root {{\n{rules}}}\n", content_type="text/css; charset=utf-8")
