"""One act with several requests at once: first a page that says what would happen, then each done by itself."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from troth.desk.acts import SURE, YES, DeskAct, Words, form_of
from troth.desk.lines import WorkLine
from troth.desk.standard import acts_of
from troth.text import code

MOST_QUERY = 500
"""Characters of the filters to which the page leads back."""
May = Callable[[DeskAct], bool]


class ChosenRow(Protocol):
    """The list that the requests are on."""

    @property
    def title(self) -> Words: ...

    @property
    def line(self) -> Callable[[Any, datetime], WorkLine]: ...


@dataclass(frozen=True)
class Picked:
    """One request that was chosen, with the act where it can be done. `error`: why it was not."""

    case: Any
    about: str
    act: DeskAct | None
    error: str = ""


def take(request: HttpRequest, work: ChosenRow, cases: Sequence[Any], *, may: May) -> HttpResponse:
    """The preview; once it is confirmed, what happened to each."""
    picked = [_pick(request, work, case, may) for case in cases]
    able = [each for each in picked if each.act is not None]
    context = {
        "work": work,
        "picked": picked,
        "able": able,
        "query": code(request.POST.get("query", ""), most=MOST_QUERY),
    }
    first = next(((each.act, each.case) for each in able if each.act), None)
    if first is None:
        return render(request, "console/bulk.html", context, status=400)
    act, case = first
    sent = request.POST.get(SURE) == YES
    errors = act.read(request, case).errors if sent else {}
    if not sent or errors:
        form = form_of(act, case, act.refuse(errors) if sent else None, request)
        return render(request, "console/bulk.html", {**context, "form": form}, status=400 if errors else 200)
    done = [_do(request, each) for each in picked]
    failed = [each for each in done if each.error]
    context |= {"done": len(done) - len(failed), "failed": failed, "form": form_of(act, case, None, request)}
    return render(request, "console/bulk.html", context)


def _pick(request: HttpRequest, work: ChosenRow, case: Any, may: May) -> Picked:
    do = code(request.POST.get("do", ""))
    found = (each for each in acts_of(case) if each.do == do and each.many and each.shown(case) and may(each))
    return Picked(case, work.line(case, case.received_utc).about, next(found, None))


def _do(request: HttpRequest, picked: Picked) -> Picked:
    """Done in a transaction of its own: what one request refuses stops no other."""
    if picked.act is None:
        return Picked(picked.case, picked.about, None, _("That action isn’t available here."))
    errors = picked.act.take(request, picked.case).errors
    return Picked(picked.case, picked.about, picked.act, next(iter(errors.values()), ""))
