"""The page of what is deleted because its time is over: next, lately, and what a legal hold keeps."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from troth import gate, in_force
from troth.access.procedures.disclosure import LEGAL
from troth.access.procedures.hold import LEGAL_HOLD, is_in_force
from troth.cases.models import Case
from troth.desk.staff import LOG, WORK, may, staff_only, user_of
from troth.policy.phrases import describe_kept
from troth.words.values import kinds_in_words

AHEAD = (1, 7, 30)
"""Days for which the page says what is going to be deleted."""
_LATELY = timedelta(days=AHEAD[-1])


@dataclass(frozen=True)
class KindAhead:
    """A kind, its rule, of how many people data ends within each of `AHEAD`, and of how many a hold keeps it."""

    title: str
    rule: str
    within: tuple[int, ...]
    held: int


@dataclass(frozen=True)
class DeletedDay:
    """What was deleted on a day, in words."""

    day: date
    kinds: str


@require_safe
@staff_only
def show(request: HttpRequest) -> HttpResponse:
    user, now = user_of(request), timezone.now()
    if not (may(user, WORK) or may(user, LOG)):
        raise Http404("What is deleted is for privacy people, administrators and auditors.")
    ahead = gate.list_ahead(now + timedelta(days=AHEAD[-1]))
    context = {
        "days": AHEAD,
        "kinds": _list_kinds(ahead, gate.count_held(), now.date()),
        "deleted": _list_days(gate.list_deleted(now.date() - _LATELY)),
        "may_hold": may(user, WORK) and LEGAL in in_force.policy().purposes,
        "holds": [(case, is_in_force(case)) for case in LEGAL_HOLD.rows().filter(state=Case.OPEN).order_by("due_utc")],
    }
    return render(request, "procedures/retention.html", context)


def _list_kinds(ahead: Iterable[gate.KindCount], held: Mapping[str, int], today: date) -> list[KindAhead]:
    """Kinds of the policy that have anything to be deleted, in its order. People may end more than once in a span."""
    counts: dict[str, list[int]] = {}
    for each in ahead:
        spans = counts.setdefault(each.kind, [0] * len(AHEAD))
        for place, days in enumerate(AHEAD):
            spans[place] += each.people if each.day <= today + timedelta(days=days) else 0
    policy = in_force.policy()
    return [
        KindAhead(kind.title, describe_kept(kind.kept, _), tuple(counts.get(id, [0] * len(AHEAD))), held.get(id, 0))
        for id, kind in policy.kinds.items()
        if id in counts or id in held
    ]


def _list_days(deleted: Iterable[gate.KindCount]) -> list[DeletedDay]:
    """Kinds that were deleted of equally many people are named together."""
    days: dict[date, dict[int, list[str]]] = {}
    for each in deleted:
        days.setdefault(each.day, {}).setdefault(each.people, []).append(each.kind)
    policy = in_force.policy()
    return [
        DeletedDay(
            day,
            "; ".join(
                ngettext("%(data)s of %(number)d person", "%(data)s of %(number)d people", people)
                % {"data": capfirst(kinds_in_words(policy, kinds)), "number": people}
                for people, kinds in found.items()
            ),
        )
        for day, found in days.items()
    ]
