"""The console's pages of newsletters: the list, one issue from draft to report, its preview and former editions."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from troth import in_force
from troth.desk.staff import staff_only, user_of
from troth.outbox import showing
from troth.text import code
from troth.uses.newsletter import desk, issues, report
from troth.uses.newsletter.models import Issue, IssueEdition
from troth.uses.newsletter.topics import title_of

SEE_OTHER = 303


@require_safe
@staff_only
def issues_list(request: HttpRequest) -> HttpResponse:
    """All issues, those to be worked on first."""
    _check_allowed(request)
    order = {"sending": 0, "stopped": 0, "scheduled": 1, "draft": 2, "sent": 3}
    found = sorted(Issue.objects.order_by("-saved_utc")[:200], key=lambda issue: order[issue.state])
    rows = [(issue, title_of(issue.topic), issue.figures or {}) for issue in found]
    return render(request, "newsletter/issues.html", {"rows": rows})


@require_http_methods(["GET", "HEAD", "POST"])
@staff_only
def write(request: HttpRequest, id: UUID | None = None) -> HttpResponse:
    """One issue: its editor while it is a draft, its progress and its report later."""
    _check_allowed(request)
    issue = get_object_or_404(Issue, pk=id) if id else None
    if request.method != "POST":
        return _show(request, issue, desk.read_issue(issue) if issue else _empty())
    do = code(request.POST.get("do", ""))
    try:
        if do in ("save", "schedule"):
            return _save(request, issue, do)
        if issue is not None:
            _act(issue.pk, do)
    except issues.NotNow:
        found = get_object_or_404(Issue, pk=id or UUID(int=0))
        return _show(request, found, desk.read_issue(found), late=True, status=409)
    return HttpResponseRedirect(request.path, status=SEE_OTHER)


@require_safe
@staff_only
def show_preview(request: HttpRequest, id: UUID) -> HttpResponse:
    """The saved email by itself: its one style sheet is allowed by hash, and nothing else."""
    _check_allowed(request)
    issue = get_object_or_404(Issue, pk=id)
    screen = code(request.GET.get("screen", "computer"))
    called = desk.INVENTED.get(code(request.GET.get("as", "jordan")), "")
    made = desk.preview(issue, called=called, screen=screen)
    if screen == "text":
        return HttpResponse(made, content_type="text/plain; charset=utf-8")
    return showing.show_html(made, pictures=True)


@require_safe
@staff_only
def show_edition(request: HttpRequest, id: UUID, edition: int) -> HttpResponse:
    """What a former edition said."""
    _check_allowed(request)
    found = get_object_or_404(IssueEdition, issue_id=id, edition=edition)
    return render(request, "newsletter/edition.html", {"edition": found, "issue": found.issue})


def _check_allowed(request: HttpRequest) -> None:
    if not desk.may_write(user_of(request)):
        raise Http404("Newsletters are for the staff whom the policy names for them.")


def _empty() -> desk.TypedIssue:
    return desk.TypedIssue("", "", "", (), {})


def _save(request: HttpRequest, issue: Issue | None, do: str) -> HttpResponse:
    """Saved as a new edition, and scheduled where that was pressed."""
    typed, now = desk.read_typed(request.POST), timezone.now()
    when = desk.find_time(typed) if do == "schedule" else None
    errors = dict(typed.errors)
    if do == "schedule" and (when is None or when < now - issues.TOO_LATE):
        errors["day"] = _("Enter the date and time when it is sent.")
    if errors:
        return _show(request, issue, typed, errors=errors, status=400)
    saved = issues.save(
        issue.pk if issue else None,
        topic=typed.topic,
        subject=typed.subject,
        text=typed.text,
        segment=typed.segment,
        language=in_force.policy().language,
        who=f"staff:{user_of(request).username}",
        at_utc=now,
    )
    if when is not None:
        issues.schedule(saved.pk, for_utc=when)
    return HttpResponseRedirect(f"/console/newsletters/{saved.pk}/", status=SEE_OTHER)


def _act(id: UUID, do: str) -> None:
    match do:
        case "unschedule":
            issues.unschedule(id)
        case "stop":
            issues.stop(id)
        case "resume":
            issues.resume(id, at_utc=timezone.now())


def _show(
    request: HttpRequest,
    issue: Issue | None,
    typed: desk.TypedIssue,
    *,
    errors: Mapping[str, str] | None = None,
    late: bool = False,
    status: int = 200,
) -> HttpResponse:
    known = typed.topic in [topic.id for topic in desk.list_topics()]
    context: dict[str, Any] = {
        "issue": issue,
        "typed": typed,
        "errors": errors or {},
        "late": late,
        "topics": desk.list_topics(),
        "industries": desk.list_industries(),
        "topic": title_of(typed.topic) if known else "",
        "audience": report.find_audience(typed.topic, typed.segment) if known and _is_open(issue) else None,
        "screens": desk.SCREENS,
        "report": desk.show_report(issue) if issue and issue.begun_utc else None,
        "editions": issue.editions.order_by("-edition")[1:10] if issue else (),
    }
    return render(request, "newsletter/issue.html", context, status=status)


def _is_open(issue: Issue | None) -> bool:
    return issue is None or issue.state in (Issue.Stage.DRAFT, Issue.Stage.SCHEDULED)
