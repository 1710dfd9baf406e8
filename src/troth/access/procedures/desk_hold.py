"""A legal hold in the console: put into force, reviewed, ended."""

from collections.abc import Mapping
from datetime import timedelta

from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from troth.access.procedures import hold
from troth.access.procedures.base import find_words
from troth.access.procedures.covered import describe_covered
from troth.cases.actions import is_agreed
from troth.cases.models import Case
from troth.desk.acts import DeskAct, Doing, Field, Panel


def _describe(request: HttpRequest, case: Case) -> Mapping[str, object]:
    held = hold.LEGAL_HOLD.read(case)
    return {**describe_covered(held), "held": held, "held_for": find_words(case, "hold asked")}


def _begin(doing: Doing) -> None:
    hold.begin(doing.case, who=doing.who, at_utc=doing.at_utc)


def _begins(case: Case, typed: Mapping[str, str]) -> str:
    if hold.LEGAL_HOLD.read(case).secret_until:
        return _("Nothing that it covers is deleted until you end it. The person won’t see it before the date you set.")
    return _("Nothing that it covers is deleted until you end it. The person sees it in their history.")


def _review(doing: Doing) -> None:
    until = doing.at_utc + timedelta(days=int(doing.values["until"]))
    hold.review(doing.case, until=until, words=doing.values["words"], who=doing.who, at_utc=doing.at_utc)


def _find_review(case: Case) -> Mapping[str, str]:
    """What the latest review says: two people who review at once have to see each other's."""
    said = case.events.filter(what=hold.REVIEWED).values_list("words", flat=True).last()
    return {"words": said or ""}


def _end(doing: Doing) -> None:
    hold.end(doing.case, who=doing.who, at_utc=doing.at_utc)


def _ends(case: Case, typed: Mapping[str, str]) -> str:
    return _(
        "Data that was kept only for this hold is deleted soon after, and deletions that waited for it are "
        "carried out. You can’t undo this."
    )


PANEL = Panel(
    template="procedures/hold.html",
    context=_describe,
    acts=(
        DeskAct(
            do="begin",
            told=gettext_lazy("The hold %(number)s is in force."),
            button=gettext_lazy("Put hold into force"),
            run=_begin,
            shown=lambda case: is_agreed(case) and not hold.is_in_force(case),
            main=True,
            effect=_begins,
        ),
        DeskAct(
            do="review",
            told=gettext_lazy("You kept the hold %(number)s."),
            button=gettext_lazy("Keep hold"),
            run=_review,
            fields=(
                Field(
                    "until",
                    gettext_lazy("Review again"),
                    choices=lambda case: hold.list_reviews(),
                    wrong=gettext_lazy("Choose when it is reviewed again."),
                ),
                Field("words", gettext_lazy("Why it is still needed (no personal data)")),
            ),
            shown=hold.is_in_force,
            now=_find_review,
            alone=True,
        ),
        DeskAct(
            do="end",
            told=gettext_lazy("You ended the hold %(number)s."),
            button=gettext_lazy("End hold"),
            run=_end,
            shown=hold.is_in_force,
            once=True,
            effect=_ends,
        ),
    ),
)
