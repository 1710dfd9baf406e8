"""What staff do with an issue, what the next page says of it, and what undoes it."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from troth.desk import notices
from troth.desk.done import LASTING, DoneKind, DoneNotice, PerformedAct
from troth.desk.staff import user_of
from troth.headers import see_other
from troth.security import acts
from troth.security.crew import names_of
from troth.security.models import User
from troth.site import site
from troth.uses.newsletter import issues
from troth.uses.newsletter.issues import State
from troth.uses.newsletter.mailings import list_mailings
from troth.uses.newsletter.models import Issue
from troth.words.values import moment

LIST = "/console/newsletters/"
SAVED, SCHEDULED, UNSCHEDULED = "newsletter/saved", "newsletter/scheduled", "newsletter/unscheduled"
ASKED, APPROVED, RETURNED = "newsletter/asked", "newsletter/approved", "newsletter/returned"
DELETED, RESTORED = "newsletter/deleted", "newsletter/draft restored"


def say_saved(request: HttpRequest, issue: Issue, *, changed: bool, then: str) -> HttpResponse:
    """The page of what was saved.   Takes  then: the query that carries the typed day and time along"""
    facts = (str(issue.pk), issue.edition, changed)
    return notices.lead_on(request, PerformedAct(SAVED, facts, timezone.now(), f"{LIST}{issue.pk}/{then}"))


def schedule(request: HttpRequest, issue: Issue, *, for_utc: datetime) -> HttpResponse:
    """Raises  issues.NotNow."""
    with noting(issue.pk, issues.SCHEDULED, who_of(request)):
        issues.schedule(issue.pk, for_utc=for_utc)
    return _lead_on(request, SCHEDULED, issue)


def ask_second(request: HttpRequest, issue: Issue, *, for_utc: datetime) -> HttpResponse:
    """Raises  issues.NotNow."""
    who = who_of(request)
    with noting(issue.pk, issues.ASKED, who):
        issues.ask_second(issue.pk, who=who, for_utc=for_utc)
    return _lead_on(request, ASKED, issue)


def delete(request: HttpRequest, issue: Issue, *, since: int | None) -> HttpResponse:
    """The list, without the draft.   Raises  issues.NotNow, issues.EditedMeanwhile."""
    now = timezone.now()
    with noting(issue.pk, issues.DELETED, who_of(request)):
        issues.delete(issue.pk, since=since, until_utc=now + LASTING)
    return notices.lead_on(request, PerformedAct(DELETED, (issue.subject, str(issue.pk)), now, LIST))


def carry_out(request: HttpRequest, issue: Issue, do: str) -> HttpResponse:
    """What a button without fields does, and the page that says so.   Raises  issues.NotNow, issues.SamePerson."""
    who, now = who_of(request), timezone.now()
    returned = issues.UNSCHEDULED if who == issue.asked_by else issues.RETURNED
    verbs: Mapping[str, tuple[str, str, Callable[[], object]]] = {
        "approve": (APPROVED, issues.APPROVED, lambda: issues.approve(issue.pk, who=who, at_utc=now)),
        "give back": (RETURNED, returned, lambda: issues.give_back(issue.pk, who=who)),
        "unschedule": (UNSCHEDULED, issues.UNSCHEDULED, lambda: issues.unschedule(issue.pk)),
        "stop": ("", issues.STOPPED, lambda: issues.stop(issue.pk)),
        "resume": ("", issues.RESUMED, lambda: issues.resume(issue.pk, at_utc=now)),
    }
    did, what, act = verbs.get(do, ("", "", lambda: None))
    if what:
        with noting(issue.pk, what, who):
            act()
    return _lead_on(request, did, issue)


def who_of(request: HttpRequest) -> str:
    return user_of(request).who


@contextmanager
def noting(id: UUID, what: str, who: str) -> Iterator[None]:
    """The act inside, and its line in the activity log."""
    with transaction.atomic():
        yield
        acts.record(who, what, about=issues.name_about(id), at_utc=timezone.now())


def _lead_on(request: HttpRequest, act: str, before: Issue) -> HttpResponse:
    """The page of the issue, which says what was done; of a stopped or resumed one its state says so.

    Takes   before: the issue as it was"""
    if not act:
        return see_other(f"{LIST}{before.pk}/")
    planned = before.scheduled_utc or Issue.objects.get(pk=before.pk).scheduled_utc
    assert planned is not None
    return notices.lead_on(request, _perform(act, (str(before.pk), before.edition, planned.isoformat())))


def _perform(act: str, facts: Sequence[Any]) -> PerformedAct:
    """The act, told on the page of the issue; that of a draft keeps the day and time it had."""
    page = f"{LIST}{facts[0]}/"
    if act in (RETURNED, UNSCHEDULED):
        at = timezone.localtime(datetime.fromisoformat(facts[2]), site().brand.zone)
        page += f"?{urlencode({'day': f'{at:%Y-%m-%d}', 'clock': f'{at:%H:%M}'})}"
    return PerformedAct(act, facts, timezone.now(), page)


def _find(request: HttpRequest, act: PerformedAct) -> Issue | None:
    """The issue of the act, unchanged since, where the user may still write such ones."""
    id, edition, _fact = act.facts
    return Issue.objects.filter(pk=UUID(id), edition=edition, purpose__in=_list_own(request)).first()


def _list_own(request: HttpRequest) -> list[str]:
    """The purposes for which the user writes issues."""
    user = getattr(request, "user", None)
    return [each.purpose for each in list_mailings(user)] if isinstance(user, User) and user.is_staff else []


def _tell_saved(request: HttpRequest, act: PerformedAct) -> DoneNotice | None:
    issue = _find(request, act)
    if issue is None or issue.state != State.DRAFT:
        return None
    if not act.facts[2]:
        return DoneNotice(sentences=(_("Nothing was changed, so there is no new version."),))
    saved = _("You saved version %(number)s. Nothing is sent before it’s scheduled.")
    return DoneNotice(sentences=(saved % {"number": issue.edition},))


def _tell_scheduled(request: HttpRequest, act: PerformedAct) -> DoneNotice | None:
    issue = _find(request, act)
    if issue is None or issue.state != State.SCHEDULED or issue.scheduled_utc is None:
        return None
    if issue.scheduled_utc <= timezone.now():
        return DoneNotice(sentences=(_("You scheduled it. Sending begins now."),), undoable=False)
    said = _("You scheduled it for %(at)s.") if act.id == SCHEDULED else _("You approved it. We send it on %(at)s.")
    until = min(issue.scheduled_utc, act.until_utc)
    return DoneNotice(sentences=(said % {"at": moment(issue.scheduled_utc)},), until_utc=until)


def _tell_asked(request: HttpRequest, act: PerformedAct) -> DoneNotice | None:
    issue = _find(request, act)
    if issue is None or issue.state != State.REVIEW:
        return None
    if issue.asked_by != who_of(request):
        return DoneNotice(sentences=(_("It waits for approval again."),))
    then = _("Someone else who writes notices sees it under Work.")
    return DoneNotice(sentences=(_("You asked for its approval."),), then=then)


def _tell_draft(request: HttpRequest, act: PerformedAct) -> DoneNotice | None:
    issue = _find(request, act)
    if issue is None or issue.state != State.DRAFT:
        return None
    asker = names_of([issue.asked_by]).get(issue.asked_by, "") if issue.why == issues.GIVEN_BACK else ""
    said = _("You returned it to %(name)s.") % {"name": asker} if asker else _("It’s a draft again. Nothing is sent.")
    return DoneNotice(sentences=(said,), undoable=_plans_again(issue, act))


def _tell_deleted(request: HttpRequest, act: PerformedAct) -> DoneNotice:
    return DoneNotice(sentences=(_("You deleted the draft “%(subject)s”.") % {"subject": act.facts[0]},))


def _undo_deleted(request: HttpRequest, act: PerformedAct) -> PerformedAct | None:
    subject, id = act.facts
    if not Issue.every.filter(pk=UUID(id), purpose__in=_list_own(request)).exists():
        return None
    try:
        with noting(UUID(id), issues.RESTORED, who_of(request)):
            issues.restore(UUID(id))
    except issues.NotNow:
        return None
    return PerformedAct(RESTORED, (subject,), timezone.now(), f"{LIST}{id}/")


def _tell_restored(request: HttpRequest, act: PerformedAct) -> DoneNotice:
    return DoneNotice(sentences=(_("The draft “%(subject)s” is back.") % {"subject": act.facts[0]},))


def _plans_again(issue: Issue, act: PerformedAct) -> bool:
    """Whether its former time can still be kept; a notice that was approved needs a second person again."""
    return datetime.fromisoformat(act.facts[2]) > timezone.now() and not (act.id == UNSCHEDULED and issue.asked_by)


def _undo_planned(request: HttpRequest, act: PerformedAct) -> PerformedAct | None:
    """What was scheduled, approved or waits for it, as it was before."""
    undoing: Mapping[str, tuple[str, str, Callable[[UUID], object]]] = {
        SCHEDULED: (UNSCHEDULED, issues.UNSCHEDULED, issues.unschedule),
        APPROVED: (ASKED, issues.UNAPPROVED, issues.unapprove),
        ASKED: (RETURNED, issues.UNSCHEDULED, lambda id: issues.give_back(id, who=who_of(request))),
    }
    return _undo(request, act, *undoing[act.id])


def _undo_draft(request: HttpRequest, act: PerformedAct) -> PerformedAct | None:
    """Scheduled or waiting for approval again, for the same time."""
    issue = _find(request, act)
    if issue is None or not _plans_again(issue, act):
        return None
    at = datetime.fromisoformat(act.facts[2])
    if act.id == UNSCHEDULED:
        return _undo(request, act, SCHEDULED, issues.SCHEDULED, lambda id: issues.schedule(id, for_utc=at))
    again = lambda id: issues.ask_second(id, who=issue.asked_by, for_utc=at)  # noqa: E731 - one of the three above
    what = issues.ASKED if issue.asked_by == who_of(request) else issues.UNRETURNED
    return _undo(request, act, ASKED, what, again)


def _undo(
    request: HttpRequest, act: PerformedAct, now: str, what: str, undo: Callable[[UUID], Any]
) -> PerformedAct | None:
    issue = _find(request, act)
    if issue is None:
        return None
    try:
        with noting(issue.pk, what, who_of(request)):
            undo(issue.pk)
    except issues.NotNow:
        return None
    return _perform(now, act.facts)


DONE: Mapping[str, DoneKind] = {
    SAVED: DoneKind(_tell_saved),
    SCHEDULED: DoneKind(_tell_scheduled, _undo_planned),
    APPROVED: DoneKind(_tell_scheduled, _undo_planned),
    ASKED: DoneKind(_tell_asked, _undo_planned),
    RETURNED: DoneKind(_tell_draft, _undo_draft),
    UNSCHEDULED: DoneKind(_tell_draft, _undo_draft),
    DELETED: DoneKind(_tell_deleted, _undo_deleted),
    RESTORED: DoneKind(_tell_restored),
}
