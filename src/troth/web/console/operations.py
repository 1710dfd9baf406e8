"""What failed and what someone does about it: work tried again, and the log of who did what."""

from dataclasses import dataclass
from datetime import datetime

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from troth import alarms
from troth.cases.clocks import LOG_MONTHS
from troth.desk import index, notices
from troth.desk.staff import LOG, OPERATE, may, staff_only, user_of
from troth.outbox import suppression
from troth.policy.lengths import Duration
from troth.security import acts
from troth.security.crew import names_of
from troth.web.console.every_list import EveryList
from troth.words import promises

ROWS_A_PAGE = 50


@dataclass(frozen=True)
class FailedWork:
    """A failed job as the page shows it, with the name of the person who tried it last."""

    alarm: alarms.Alarm
    tried_by: str


@dataclass(frozen=True)
class DoneWork:
    """One line of the activity log."""

    at_utc: datetime
    who: str
    text: str


def list_failed_work() -> list[FailedWork]:
    """All alarms. What the terminal did is named as such."""
    found = alarms.standing()
    names = names_of(alarm.tried_by for alarm in found)
    return [FailedWork(alarm, names.get(alarm.tried_by, alarm.tried_by)) for alarm in found]


@require_POST
@staff_only
def try_again(request: HttpRequest, job: int) -> HttpResponse:
    """Requeues the failed job."""
    _operators_only(request)
    try:
        alarms.try_again(job, who=user_of(request).who, at_utc=timezone.now())
    except alarms.NoAlarm as problem:
        return _show_gone(request, str(problem))
    said = _("The job is being retried. If it fails again, it’s listed under “Failed jobs” here.")
    return notices.say(request, said, page="/console/")


@require_safe
@staff_only
def activity(request: HttpRequest) -> HttpResponse:
    """Who exported what, sent emails again and tried failed work again, the latest first."""
    if not may(user_of(request), LOG):
        raise Http404("The activity log is for privacy people, administrators and auditors.")
    told = acts.Act.objects.exclude(what=alarms.FAILED).order_by("-id")
    page = Paginator(told, ROWS_A_PAGE).get_page(request.GET.get("page"))
    names = names_of(act.who for act in page.object_list)
    done = [DoneWork(act.at_utc, names.get(act.who, act.who), _in_words(act)) for act in page.object_list]
    return render(
        request,
        "console/activity.html",
        {"acts": done, "page": page, "kept": promises.in_words(Duration(LOG_MONTHS, "month"))},
    )


def _operators_only(request: HttpRequest) -> None:
    if not may(user_of(request), OPERATE):
        raise Http404("Failed work is for privacy people and administrators.")


def _show_gone(request: HttpRequest, sentence: str) -> HttpResponse:
    return render(request, "console/operation_gone.html", {"sentence": sentence}, status=409)


def _in_words(act: acts.Act) -> str:
    match act.what:
        case "exported" if act.words.isdecimal():
            count = int(act.words)
            rows = ngettext("%(count)d row", "%(count)d rows", count) % {"count": count}
            named = {EveryList.name: _("the list of open requests"), **index.exports()}
            exported = named.get(act.about, act.about)
            return _("Exported %(list)s as CSV: %(rows)s") % {"list": exported, "rows": rows}
        case alarms.TRIED:
            return _("Retried a failed job (%(job)s)") % {"job": act.about}
    said = index.acts().get(act.what)
    if said and act.what == suppression.LIFTED and act.words:
        return _("%(act)s: “%(reason)s”") % {"act": said, "reason": act.words}
    # Some say about which version of the policy.
    number = act.about.rpartition(" ")[2]
    return capfirst(str(said).replace("%(number)s", number)) if said else f"{act.what}: {act.about}"
