"""A support case as the person who asked for help sees it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from troth.cases import actions as cases
from troth.cases.actions import CaseProblem
from troth.cases.models import Case
from troth.cases.thread import writing
from troth.desk import notices
from troth.desk.done import DoneKind, DoneNotice, PerformedAct
from troth.desk.portal import (
    ProductLine,
    RequestState,
    RequestView,
    describe_state,
    list_product_lines,
    read_row,
    search_products,
)
from troth.security import hops
from troth.site import site
from troth.text import CannotRead, code, lines
from troth.uses.support import actions
from troth.uses.support.models import SupportCase

LONGEST_COMMENT = 2_000
RATED = "support/rated"


def find_subject(case: Case) -> str:
    """OptiPro Process 12.3."""
    row = read_row(SupportCase, case)
    return f"{site().name_product(row.product) or _('Support')} {row.release}".strip()


def tell_state(case: Case) -> RequestState:
    """In the words of the receipt."""
    heading, lead = actions.describe(read_row(SupportCase, case))
    found = describe_state(case)
    if case.state == Case.ANSWERED:
        found = RequestState(_("closed"), "kept")
    return replace(found, next=f"{heading}. {lead}".rstrip())


def list_products(people: Sequence[UUID]) -> Iterable[ProductLine]:
    """Products that they needed help with, with the release that they use."""
    return list_product_lines(VIEW, people, details=_tell_release)


def _tell_release(case: SupportCase) -> str:
    return _("Release %(release)s") % {"release": case.release} if case.release else ""


def describe(request: HttpRequest, case: Case) -> Mapping[str, object]:
    """What the page shows beside what all requests have: closing it, and how the help was, once someone had it."""
    row = read_row(SupportCase, case)
    helped = case.state == Case.ANSWERED and bool(case.assigned_to or case.answered_by != "person")
    return {
        "ratings": SupportCase.RATINGS if helped else {},
        "rating": row.rating,
        "comments": writing.takes(case, writing.REPLY),
    }


def _close(request: HttpRequest, case: Case) -> HttpResponse | None:
    if case.state == Case.OPEN:
        cases.answer(case.pk, nature="complied", at_utc=timezone.now(), who="person", email=False)
    return None


def _rate(request: HttpRequest, case: Case) -> HttpResponse | None:
    try:
        comment = lines(request.POST.get("comment", ""), most=LONGEST_COMMENT)
        actions.rate(case.pk, code(request.POST.get("rating", "")), at_utc=timezone.now(), comment=comment)
    except CannotRead as problem:
        raise CaseProblem(str(problem)) from problem
    told = PerformedAct(RATED, (), timezone.now(), request.path)
    return None if hops.of(request) else notices.lead_on(request, told)


def _tell_rated(request: HttpRequest, act: PerformedAct) -> DoneNotice:
    return DoneNotice(sentences=(_("Thank you for rating the help you got."),), then=_("You can change it below."))


DONE: Mapping[str, DoneKind] = {RATED: DoneKind(_tell_rated)}
VIEW = RequestView(
    table=SupportCase,
    subject=find_subject,
    state=tell_state,
    sought=search_products("support__product"),
    promise=actions.PROMISE,
    template="support/part.html",
    context=describe,
    acts={"close": _close, "rate": _rate},
)
