"""How old open cases are, and how long customers waited for the first answer."""

from datetime import datetime, timedelta
from math import ceil

from django.db.models import Min, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from troth.cases.models import Case
from troth.desk.charts import Bar, Figures
from troth.desk.staff import staff_only, user_of
from troth.policy.lengths import Duration
from troth.security.actors import STAFF
from troth.site import site
from troth.uses.support import actions, desk
from troth.uses.support.models import SupportCase
from troth.words import promises

DAYS = 90
"""Of the cases whose first answer is counted."""
_AGES = (0, 1, 2, 3, 5, 10)
_HOURS = (1, 4, 8, 24, 48)
_BUSINESS_DAY = Duration(1, "business day")


@require_safe
@staff_only
def figures_page(request: HttpRequest) -> HttpResponse:
    if not desk.WORK.is_for(user_of(request)):
        raise Http404("These figures are for those who work on support cases.")
    now = timezone.now()
    context = {"ages": count_ages(now), "answers": count_first_answers(now), "days": DAYS}
    return render(request, "support/figures.html", context)


def count_ages(at_utc: datetime) -> Figures:
    """Open cases by business days since they came in; those past their time are late.   Cost  1 query"""
    brand = site().brand
    today = at_utc.astimezone(brand.zone).date()
    counts = dict.fromkeys(_AGES, 0)
    for received in SupportCase.objects.filter(state=Case.OPEN).values_list("received_utc", flat=True):
        days = brand.calendar.count(received.astimezone(brand.zone).date(), today)
        counts[max(least for least in _AGES if least <= days)] += 1
    return Figures([Bar(_name_age(least), counts[least], late=_is_late(least)) for least in _AGES])


def count_first_answers(at_utc: datetime) -> Figures:
    """Cases of the last days by hours until someone answered; the last bar has those without an answer yet."""
    since = SupportCase.objects.filter(received_utc__gt=at_utc - timedelta(days=DAYS))
    by_staff = Q(messages__who__startswith=STAFF, messages__way="console")
    counts, unanswered = [0] * (len(_HOURS) + 1), 0
    for received, first in since.annotate(first=Min("messages__at_utc", filter=by_staff)).values_list(
        "received_utc", "first"
    ):
        if first is None:
            unanswered += 1
        else:
            hours = (first - received) / timedelta(hours=1)
            counts[sum(1 for most in _HOURS if hours > most)] += 1
    labels = [*(_("≤ %d h") % most for most in _HOURS), _("> %d h") % _HOURS[-1]]
    bars = [Bar(label, count) for label, count in zip(labels, counts, strict=True)]
    return Figures([*bars, Bar(_("none yet"), unanswered, late=True)])


def _name_age(least: int) -> str:
    after = next((each for each in _AGES if each > least), None)
    if after is None:
        return f"{least}+"
    return str(least) if after == least + 1 else f"{least}–{after - 1}"


def _is_late(least: int) -> bool:
    limit = promises.find_promise(actions.PROMISE) or promises.TARGET
    return least > ceil(limit.days / _BUSINESS_DAY.days)
