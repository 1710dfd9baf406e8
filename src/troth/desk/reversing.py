"""Undoing a run: each of its rows as it was before, unless it was changed again since.

    DeskAct(do="assign", …, now=_find, reverse=reversing.make("assign-back", _("Undo"), _set_back, …))

A run keeps what `now` said of each row before it began. What undoes it gets that as the values of its form.
"""

from collections.abc import Callable, Collection, Mapping
from datetime import datetime
from functools import partial
from typing import Any

from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from troth.cases.actions import CaseProblem
from troth.cases.models import CaseEvent
from troth.desk.acts import BEGUN, ENDED, DeskAct, Doing, Field
from troth.wording import Words


def make(
    do: str,
    button: Words,
    set_back: Callable[[Doing], Any],
    *,
    now: Callable[[Any], Mapping[str, str]],
    fields: Collection[str],
    events: Collection[str],
    shown: Callable[[Any], bool],
    needs: str = "",
) -> DeskAct:
    """The act that undoes a run for one of its rows.

    Takes   set_back: what does it, with what the row had before; now: what that is, by these `fields`;
            events: of the steps that change it"""
    return DeskAct(
        do=do,
        button=button,
        run=partial(_reverse, set_back=set_back, events=events),
        fields=(Field(BEGUN, BEGUN), Field(ENDED, ENDED), *(Field(name, name, least=0) for name in fields)),
        shown=shown,
        needs=needs,
        now=now,
        many=True,
    )


def read_times(doing: Doing) -> tuple[datetime, datetime]:
    """When the run that is undone began and ended.   Raises  CaseProblem: it was none."""
    begun, ended = (parse_datetime(doing.values[each]) for each in (BEGUN, ENDED))
    if begun is None or ended is None:
        raise CaseProblem(_("There was nothing to undo."))
    return begun, ended


def _reverse(doing: Doing, *, set_back: Callable[[Doing], Any], events: Collection[str]) -> None:
    """Raises  CaseProblem: it is not as the run left it."""
    begun, ended = read_times(doing)
    since = CaseEvent.objects.filter(case=doing.case.pk, what__in=events, at_utc__gte=begun)
    steps = list(since.values_list("who", "at_utc"))
    if not steps:
        return  # the run changed nothing: it was so already
    if len(steps) > 1 or steps[0][0] != doing.who or steps[0][1] > ended:
        raise CaseProblem(_("It was changed again since, and stays as it is."))
    set_back(doing)
