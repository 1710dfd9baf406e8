"""The console's pages of an issue: from draft to report, its preview and its former editions."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.db import IntegrityError
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from troth import gate, in_force
from troth.composing import lint
from troth.desk import exporting
from troth.desk.staff import staff_only
from troth.headers import see_other
from troth.markup import format_html
from troth.outbox import showing
from troth.security import acts
from troth.security.crew import names_of
from troth.site import site
from troth.text import code, read_id
from troth.uses.newsletter import arranging, desk, desk_acts, desk_list, files, issues, report, segments, wording
from troth.uses.newsletter.files import IssueFile
from troth.uses.newsletter.issues import WrittenIssue
from troth.uses.newsletter.mailings import Mailing
from troth.uses.newsletter.models import Issue, IssueEdition
from troth.uses.newsletter.topics import title_of

REFRESH_SECONDS = 5
_REFUSED = {issues.NotNow: "late", issues.SamePerson: "same", issues.EditedMeanwhile: "edited"}
EXPORTED = "newsletter-report"


@require_http_methods(["GET", "HEAD", "POST"])
@staff_only
def write(request: HttpRequest, id: UUID | None = None) -> HttpResponse:
    """One issue or notice: its editor while it is a draft, its progress and its report later."""
    issue, mailing = _find(request, id)
    if request.method != "POST":
        return _look(request, issue, mailing)
    try:
        return _act(request, issue, mailing, code(request.POST.get("do", "")))
    except tuple(_REFUSED) as problem:
        return _refuse(request, issue, mailing, _REFUSED[type(problem)])


def _look(request: HttpRequest, issue: Issue | None, mailing: Mailing) -> HttpResponse:
    if issue is not None:
        if (former := _find_former(request, issue)) is not None:
            return _show(request, issue, desk.read_former(issue, former), also={"former": former})
        if issue.begun_utc and code(request.GET.get("format", "")) == "csv":
            return exporting.as_csv(request, EXPORTED, (_("Figure"), _("People")), report.list_rows(issue, mailing))
    typed, (day, clock) = desk.read_issue(issue) if issue else _start(request, mailing), desk.read_when(request.GET)
    return _show(request, issue, replace(typed, day=day, clock=clock))


def _act(request: HttpRequest, issue: Issue | None, mailing: Mailing, do: str) -> HttpResponse:
    """Raises  an error of `_REFUSED`: nothing was done."""
    match do:
        case "preview":
            return _show_typed(request, mailing)
        case "save" | "schedule" | "count":
            return _save(request, issue, mailing, do)
        case _ if arranging.is_arranging(do):
            return _arrange(request, issue, mailing)
        case _ if issue is None:
            return see_other(request.path)
        case "confirm":
            return _schedule(request, issue, mailing)
        case "try":
            return _try(request, issue, mailing)
        case "delete":
            return desk_acts.delete(request, issue, since=desk.read_typed(request.POST, mailing).edition)
    return desk_acts.carry_out(request, issue, do)


def _refuse(request: HttpRequest, issue: Issue | None, mailing: Mailing, why: str) -> HttpResponse:
    """The issue as it is by now, and what was typed: in the editor, or to be copied where it is no draft any more."""
    if issue is None:
        raise Http404
    found, typed = get_object_or_404(Issue, pk=issue.pk), desk.read_typed(request.POST, mailing)
    has_text = bool(typed.text or typed.subject)
    if why == "edited" and found.state == Issue.Stage.DRAFT and has_text:
        return _show(request, found, replace(typed, edition=found.edition), refused=why, status=409)
    lost = typed if has_text and (typed.subject, typed.text) != (found.subject, found.text) else None
    return _show(request, found, desk.read_issue(found), refused=why, also={"lost": lost}, status=409)


@require_safe
@staff_only
def show_preview(request: HttpRequest, id: UUID) -> HttpResponse:
    """The saved email by itself: its one style sheet is allowed by hash, and nothing else."""
    issue = _find(request, id)[0]
    if issue is None:
        raise Http404
    return _show_email(issue, request.GET)


def _show_typed(request: HttpRequest, mailing: Mailing) -> HttpResponse:
    """What is being typed, as its reader would get it; nothing is saved."""
    return _show_email(desk.read_typed(request.POST, mailing).written, request.POST)


def _show_email(issue: Issue | WrittenIssue, asked: QueryDict) -> HttpResponse:
    """Takes  asked: for whom and on which screen."""
    screen = code(asked.get("screen", "computer"))
    called = desk.INVENTED.get(code(asked.get("as", "jordan")), "")
    made = desk.preview(issue, called=called, screen=screen)
    if screen == "text":
        made = format_html("<!doctype html><title>{}</title><pre>{}</pre>", _("Text only"), made)
    return showing.show_html(made, framed=True)  # in the editor


@require_safe
@staff_only
def show_edition(request: HttpRequest, id: UUID, edition: int) -> HttpResponse:
    """What an edition said, line by line beside another: ?with= names it, else the one before."""
    _find(request, id)
    found = get_object_or_404(IssueEdition, issue_id=id, edition=edition)
    others = list(found.issue.editions.exclude(edition=edition).order_by("-edition"))
    asked = code(request.GET.get("with", str(edition - 1)))
    other = next((each for each in others if str(each.edition) == asked), None)
    context = {
        "edition": found,
        "issue": found.issue,
        "saver": names_of([found.saved_by]).get(found.saved_by, ""),
        "other": other,
        "others": others,
        "lines": wording.compare(other.text, found.text) if other else (),
    }
    return render(request, "newsletter/edition.html", context)


def _find(request: HttpRequest, id: UUID | None) -> tuple[Issue | None, Mailing]:
    """The issue, or what a new one is of; 404 for those that the policy leaves to other staff."""
    mine = {each.purpose: each for each in desk_list.find_mailings(request)}
    # One that isn't saved yet has its id from the page: pressed twice, it is the same issue.
    asked_for = id or desk.read_new(request.POST)
    issue = Issue.objects.filter(pk=asked_for, purpose__in=list(mine)).first() if asked_for else None
    if id and issue is None:
        raise Http404("No such issue, or one that the policy leaves to other staff.")
    asked = issue.purpose if issue else code(request.GET.get("of", ""))
    return issue, mine.get(asked, next(iter(mine.values())))


def _start(request: HttpRequest, mailing: Mailing) -> desk.TypedIssue:
    """A new issue: empty, as ?file= of the site folder says, or as the issue ?copy= is."""
    asked, copied = code(request.GET.get("file", "")), read_id(request.GET.get("copy", ""))
    for each in files.list_files() if asked else ():
        if isinstance(each, IssueFile) and each.name == asked and each.written.purpose == mailing.purpose:
            return desk.read_issue(each.written)
    former = Issue.objects.filter(pk=copied, purpose=mailing.purpose).first() if copied else None
    if former is not None:
        return replace(desk.read_issue(former), edition=0)
    first = next(iter(mailing.topics()), None)
    return desk.TypedIssue(mailing, topic=first.id if first else "", language=in_force.policy().language)


def _list_files(mailing: Mailing) -> list[tuple[str, str, str]]:
    """Name, subject and problem of each file that a new issue could start from."""
    found = files.list_files()
    usable = [each for each in found if isinstance(each, IssueFile) and each.written.purpose == mailing.purpose]
    broken = [each for each in found if not isinstance(each, IssueFile)]
    return [*((each.name, each.written.subject, "") for each in usable), *((name, name, why) for name, why in broken)]


def _save(request: HttpRequest, issue: Issue | None, mailing: Mailing, do: str) -> HttpResponse:
    """Counted; or saved as a new edition, and scheduled where that was pressed: a notice once someone else agrees."""
    typed, now = desk.read_typed(request.POST, mailing), timezone.now()
    planned, schedules = desk.find_time(typed), do == "schedule"
    when = planned if schedules else None
    errors = dict(typed.errors)
    if planned is None and (schedules or typed.day):
        errors["day"] = _("Enter the date and time when it is sent.")
    elif when is not None and when < now - issues.TOO_LATE:
        errors["day"] = _("This time has passed. Enter a later one.")
    if errors or do == "count":
        return _show(request, issue, typed, errors=errors, status=400 if errors else 200)
    saved = _store(request, issue, typed, at_utc=now)
    if when is not None and mailing.two_people:
        return desk_acts.ask_second(request, saved, for_utc=when)
    if when is not None:
        return _ask(request, saved, typed, when)
    # A draft has no time: the page shows the one that was typed, which counts once it is scheduled.
    kept = f"?{urlencode({'day': typed.day, 'clock': typed.clock})}" if typed.day else ""
    return desk_acts.say_saved(request, saved, changed=issue is None or saved.edition > issue.edition, then=kept)


def _store(request: HttpRequest, issue: Issue | None, typed: desk.TypedIssue, *, at_utc: datetime) -> Issue:
    """Raises  issues.NotNow, issues.EditedMeanwhile."""
    who = desk_acts.who_of(request)
    if issue is not None:
        return issues.save(issue.pk, typed.written, who=who, at_utc=at_utc, since=typed.edition)
    new = desk.read_new(request.POST)
    try:
        return issues.save(None, typed.written, who=who, at_utc=at_utc, new=new)
    except IntegrityError:  # pressed twice at once
        return issues.save(new, typed.written, who=who, at_utc=at_utc, since=0)


def _ask(request: HttpRequest, issue: Issue, typed: desk.TypedIssue, when: datetime) -> HttpResponse:
    """What follows from scheduling what was just saved, before it is done."""
    audience = _count(typed)
    context = {"issue": issue, "typed": typed, "audience": audience, "when": when, "at_once": when <= timezone.now()}
    topic = title_of(typed.topic, typed.mailing.purpose)
    return render(request, "newsletter/schedule.html", {**context, "topic": topic, **_describe_pace(typed, audience)})


def _schedule(request: HttpRequest, issue: Issue, mailing: Mailing) -> HttpResponse:
    """Scheduled as the page before said, unless it was edited since.   Raises  issues.NotNow."""
    when = desk.find_time(desk.read_typed(request.POST, mailing))
    if when is None or mailing.two_people or code(request.POST.get("edition", "")) != str(issue.edition):
        raise issues.NotNow
    return desk_acts.schedule(request, issue, for_utc=when)


def _arrange(request: HttpRequest, issue: Issue | None, mailing: Mailing) -> HttpResponse:
    """What is being typed, with one of its blocks moved, removed or added; nothing is saved."""
    typed = desk.read_typed(request.POST, mailing)
    if "text" in typed.errors and not typed.problems:  # it can't be read
        return _show(request, issue, typed, errors=typed.errors, status=400)
    text, said = arranging.arrange(typed.text, request.POST, mailing, today=timezone.localdate())
    return _show(request, issue, replace(typed, text=text), also={"arranged": said})


def _find_former(request: HttpRequest, issue: Issue | None) -> IssueEdition | None:
    """The former version that ?version= puts into the editor of a draft."""
    asked = code(request.GET.get("version", ""))
    if issue is None or issue.state != Issue.Stage.DRAFT:
        return None
    return next((each for each in issue.editions.all() if str(each.edition) == asked), None)


def _try(request: HttpRequest, issue: Issue, mailing: Mailing) -> HttpResponse:
    """A copy to the address that was typed, which has our domain; it says beside the field what came of it.

    Of a draft, what is being typed is sent, and stays typed."""
    editing = "text" in request.POST and issue.state == Issue.Stage.DRAFT
    typed = desk.read_typed(request.POST, mailing) if editing else desk.read_issue(issue)
    to, problem = desk.read_trial(request.POST)
    if not (problem or typed.errors):
        problem = desk.send_trial(typed.written, to)
    sent = not (problem or typed.errors)
    shown = {"trial_to": to, "trial_problem": problem, "trial_sent": sent}
    return _show(request, issue, typed, errors=typed.errors, also=shown, status=200 if sent else 400)


def _list_wrong(errors: Mapping[str, str], typed: desk.TypedIssue) -> list[tuple[str, str]]:
    """(field, sentence) of all that has to be changed: of the text, each line's."""
    lines = [each.sentence for each in typed.problems]
    return [(name, said) for name, first in errors.items() for said in (lines if name == "text" and lines else [first])]


def _show_limits(request: HttpRequest, typed: desk.TypedIssue) -> Mapping[str, str]:
    """The releases of a notice as they were typed, also where they can't be read."""
    return {name: request.POST.get(name, kept) for name, kept in segments.limits_of(typed.parts).items()}


def _show(
    request: HttpRequest,
    issue: Issue | None,
    typed: desk.TypedIssue,
    *,
    errors: Mapping[str, str] | None = None,
    refused: str = "",
    also: Mapping[str, object] | None = None,
    status: int = 200,
) -> HttpResponse:
    audience = _count(typed) if typed.is_known and _is_open(issue) else None
    context: dict[str, Any] = {
        "issue": issue,
        "typed": typed,
        "errors": errors or {},
        "wrong": _list_wrong(errors or {}, typed),
        "refused": refused,
        "mailing": typed.mailing,
        "topics": typed.mailing.topics(),
        "languages": desk.list_languages(),
        "selectable": segments.list_selectable(typed.mailing, typed.parts),
        "limits": _show_limits(request, typed),
        "topic": title_of(typed.topic, typed.mailing.purpose) if typed.is_known else "",
        "audience": audience,
        **_describe_pace(typed, audience),
        "audience_in_words": segments.describe(typed.mailing, typed.topic, typed.parts, covered=typed.covered),
        "doubts": desk.find_doubts(typed),
        "zone": timezone.localtime(timezone=site().brand.zone).tzname(),
        **_describe_preview(request, issue),
        "report": desk.show_report(issue) if issue and issue.begun_utc else None,
        "files": () if issue else _list_files(typed.mailing),
        "blocks": arranging.list_blocks(typed.text),
        "new_blocks": arranging.list_new(typed.mailing),
        "editions": issue.editions.order_by("-edition")[1:10] if issue else (),
        **_name_people(issue),
        **(also or {}),
        "editing": issue is None or issue.state == Issue.Stage.DRAFT,
        "mine": issue is not None and desk_acts.who_of(request) in (issue.asked_by, issue.saved_by),
        "new": issue.pk if issue else desk.read_new(request.POST) or gate.new_id(),
    }
    response = render(request, "newsletter/issue.html", context, status=status)
    if issue is not None and issue.state == Issue.Stage.SENDING:
        response.headers["Refresh"] = str(REFRESH_SECONDS)
    response._csp_update = {"frame-src": ["'self'"]}  # type: ignore[attr-defined]  # its own preview
    return response


def _describe_preview(request: HttpRequest, issue: Issue | None) -> Mapping[str, object]:
    """As whom and on which screen it is seen, what mail programs lack for it, and where a trial goes."""
    return {
        "screens": desk.SCREENS,
        "readers": desk.READERS.items(),
        "trial_domain": desk.trial_domain(),
        "seen_on": _pick(request, "screen", desk.SCREENS),
        "seen_as": _pick(request, "as", desk.READERS),
        "problems": desk.find_problems(issue) if issue else (),
        "programs": len(lint.PROGRAMS),
        "sender": desk.name_sender(),
    }


def _describe_pace(typed: desk.TypedIssue, audience: report.Audience | None) -> Mapping[str, object]:
    """Which paces there are, the chosen one, and how long it takes to reach the audience."""
    return {
        "paces": desk.list_paces(),
        "pace": desk.describe_pace(typed.pace) if typed.pace else "",
        "takes": desk.describe_time(audience.reached, typed.pace) if audience else "",
    }


def _pick(request: HttpRequest, name: str, known: Mapping[str, object]) -> str:
    """What ?name= chooses, else the first."""
    asked = code(request.GET.get(name, ""))
    return asked if asked in known else next(iter(known))


def _name_people(issue: Issue | None) -> Mapping[str, str]:
    """Who saved it, asked for its approval, approved it, returned it and stopped it."""
    if issue is None:
        return {}
    log = acts.Act.objects.filter(about=issues.name_about(issue.pk), what__in=(issues.STOPPED, issues.RETURNED))
    # The latest of each: a dictionary keeps its last.
    did = dict(log.order_by("id").values_list("what", "who")) if issue.why else {}
    roles = {
        "asker": issue.asked_by,
        "approver": issue.approved_by,
        "saver": issue.saved_by,
        "stopper": did.get(issues.STOPPED, ""),
        "returner": did.get(issues.RETURNED, ""),
    }
    names = names_of(list(roles.values()))
    return {role: names.get(who, "") for role, who in roles.items()}


def _count(typed: desk.TypedIssue) -> report.Audience:
    return report.find_audience(typed.mailing, typed.topic, typed.parts, covered=typed.covered, at_utc=timezone.now())


def _is_open(issue: Issue | None) -> bool:
    return issue is None or issue.state in (Issue.Stage.DRAFT, Issue.Stage.REVIEW, Issue.Stage.SCHEDULED)
