"""The console's list of privacy requests and staff procedures, by due date."""

from collections.abc import Mapping, Sequence

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import HttpRequest, HttpResponse, QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from troth.access.procedures.disclosure import LEGAL
from troth.access.requests import ahead, erasing, handing
from troth.access.requests.entering import PLACE
from troth.cases.actions import PURPOSE, is_agreed
from troth.cases.kinds import kind_of, kinds, name_end
from troth.cases.models import Case, CaseEvent
from troth.desk import exporting
from troth.desk.acts import DeskAct, Doing, Panel
from troth.desk.lists import lines
from troth.desk.lists.filters import choose_filter
from troth.desk.lists.lines import ListMoment, WorkLine
from troth.desk.lists.worklist import StatedPages, WorkList
from troth.desk.staff import WORK as WORKS
from troth.desk.steps import list_steps
from troth.headers import see_other
from troth.records import holds, rights
from troth.words.codes import in_words

COLUMNS = (
    gettext_lazy("State"),
    gettext_lazy("Type"),
    gettext_lazy("How it arrived"),
    gettext_lazy("Time used at the last reminder (%)"),
)


def line(case: Case, shown: ListMoment) -> WorkLine:
    unread = getattr(case, "unread", False)
    return lines.line_of(
        case,
        shown,
        work="requests",
        about=str(kind_of(case).title),
        rule=in_words(case.regime),
        alarm=_("no email could be sent") if unread else "",
    )


def _rows() -> "QuerySet[Case]":
    unread = CaseEvent.objects.filter(case=OuterRef("pk"), what="no letter possible")
    return Case.objects.filter(purpose=PURPOSE).annotate(unread=Exists(unread))


def _narrow(found: "QuerySet[Case]", query: QueryDict) -> "QuerySet[Case]":
    kind = choose_filter(query, "kind", _kinds())
    return found.filter(kind=kind) if kind else found


def _list_filters() -> Mapping[str, object]:
    return {"kinds": [(id, title) for id, title in _kinds().items()]}


def _kinds() -> Mapping[str, str]:
    return {kind.id: str(kind.title) for kind in kinds().values() if kind.purpose == PURPOSE}


def _row(case: Case) -> Sequence[object]:
    ways = (exporting.write_code(name_end(case, case.state)), kind_of(case).title, exporting.write_code(case.manner))
    return (*ways, case.reminded or "")


def _erase(doing: Doing) -> None:
    erasing.carry_out(doing.case.pk, at_utc=doing.at_utc, who=doing.who)


def _erases(case: Case, typed: Mapping[str, str]) -> str:
    said = _("We delete the person’s data, except what a law or the policy keeps. Deleted data can’t be restored.")
    if not holds.list_holds(rights.people_of_case(case.pk)):
        return said
    waits = _("A legal hold covers this person: what it covers isn’t used anymore, and is deleted when the hold ends.")
    return f"{said} {waits}"


def _exports(case: Case, typed: Mapping[str, str]) -> str:
    return _(
        "We prepare the person’s data as a PDF, once, that only you can download. The person sees in their history "
        "that you took it. Hand it over, then mark the request as answered."
    )


def _export(doing: Doing) -> HttpResponse:
    file = handing.export(doing.case, who=doing.who, at_utc=doing.at_utc)
    return see_other(f"/console/requests/{doing.case.number}/files/{file.pk}/")


WORK = WorkList(
    name="requests",
    title=gettext_lazy("Privacy requests"),
    empty=(gettext_lazy("No requests"), gettext_lazy("Privacy requests appear here, most urgent first.")),
    purpose=PURPOSE,
    opens=WORKS,
    answers=WORKS,
    exports=WORKS,
    rows=_rows,
    states={
        Case.OPEN: Q(state__in=Case.LIVING),
        **{state: Q(state=state) for state in (Case.UNVERIFIED, Case.ANSWERED, Case.DENIED, Case.WITHDRAWN)},
    },
    state=Case.OPEN,
    by_due=(Case.OPEN,),
    line=line,
    steps=list_steps,
    filters="requests/filters.html",
    given=_list_filters,
    narrow=_narrow,
    ahead=(
        ("/console/requests/log/", gettext_lazy("Log and statistics")),
        ("/console/requests/deleted/", gettext_lazy("What gets deleted")),
        ("/console/requests/review/", gettext_lazy("Review staff accounts")),
    ),
    adds=StatedPages(
        ("/console/requests/new/", gettext_lazy("Enter a request received by mail or phone"), PLACE),
        ("/console/requests/incident/", gettext_lazy("Report an incident"), ""),
        ("/console/requests/disclosure/", gettext_lazy("Record a legally required disclosure"), LEGAL),
        ("/console/requests/hold/", gettext_lazy("Record a legal hold"), LEGAL),
    ),
    columns=COLUMNS,
    row=_row,
    exported="privacy-work-list",
)


def _look_ahead(request: HttpRequest, case: Case) -> Mapping[str, object]:
    return {"erasure": ahead.look_ahead(case)} if case.state == Case.OPEN else {}


ERASURE_PANEL = Panel(
    template="requests/erasure.html",
    context=_look_ahead,
    acts=(
        DeskAct(
            do="erase",
            told=gettext_lazy("The data of %(number)s is being deleted."),
            then=lambda case: _("The request closes by itself once that is done."),
            button=gettext_lazy("Delete data"),
            run=_erase,
            shown=is_agreed,
            main=True,
            once=True,
            effect=_erases,
        ),
    ),
)
COPY_PANEL = Panel(
    acts=(
        DeskAct(
            do="export",
            button=gettext_lazy("Provide copy (PDF)"),
            run=_export,
            shown=lambda case: is_agreed(case) and not handing.is_exported(case),
            main=True,
            once=True,
            effect=_exports,
        ),
    )
)
