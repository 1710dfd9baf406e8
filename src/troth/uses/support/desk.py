"""Support cases in the console: the list, and one of them opened."""

import re
from collections.abc import Mapping, Sequence

from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse, QueryDict
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from troth.cases.kinds import name_end
from troth.cases.models import Case
from troth.desk import exporting, reading
from troth.desk.acts import LINE, DeskAct, Doing, Field, Panel, undoing
from troth.desk.done import DoneKind, DoneNotice, PerformedAct
from troth.desk.entering import StaffEntry
from troth.desk.lists import lines, searching
from troth.desk.lists.lines import ListMoment, WorkLine
from troth.desk.lists.similar import same_product
from troth.desk.lists.worklist import WorkList
from troth.desk.staff import ANSWER, user_of
from troth.desk.steps import Step, list_all_steps
from troth.site import site
from troth.text import code
from troth.uses.support import actions
from troth.uses.support.models import SupportCase
from troth.wording import Words
from troth.words.values import why_in_words

LONGEST_RELEASE = 60
ABOUT = ("product", "release", "priority")
CHANGED = "support/changed"
_NAMES = "|".join(ABOUT)
_FIELD = re.compile(rf"(?P<name>{_NAMES}): (?P<value>.*?)(?=, (?:{_NAMES}): |$)")
"""One field of a change, as its event keeps it."""


def line(case: SupportCase, shown: ListMoment) -> WorkLine:
    told = "" if case.priority == "normal" else _("%(priority)s priority") % {"priority": _priority(case)}
    return lines.line_of(
        case,
        shown,
        work="support",
        about=about(case),
        alarm=why_in_words(case.alarm),
        rule=told if case.priority != "urgent" else "",
        pressing=told if case.priority == "urgent" else "",
    )


def about(case: SupportCase) -> str:
    """For example OptiPro Process 12.3."""
    return f"{site().name_product(case.product) or _('No product chosen')} {case.release}".strip()


def _list_steps(case: SupportCase) -> list[Step]:
    return list_all_steps(case, case.place, details={"rated": _tell_rating, "changed": _tell_change})


def _tell_rating(rating: str) -> str:
    return str(SupportCase.RATINGS.get(rating, rating))


def _tell_change(words: str) -> str:
    """For example priority high, release 12.3, of “priority: high, release: 12.3”."""
    return ", ".join(_tell_field(found["name"], found["value"]) for found in _FIELD.finditer(words))


def _tell_field(name: str, value: str) -> str:
    if not value or value == "–":
        return _("no release") if name == "release" else _("no product")
    match name:
        case "priority":
            return _("priority %(priority)s") % {"priority": SupportCase.PRIORITIES.get(value, value)}
        case "product":
            return _("product %(product)s") % {"product": site().name_product(value) or value}
    return _("release %(release)s") % {"release": value}


def _priority(case: SupportCase) -> Words:
    return SupportCase.PRIORITIES.get(case.priority, case.priority)


def _describe(request: HttpRequest, case: SupportCase) -> Mapping[str, object]:
    return {
        "opened_about": about(case),
        "priority": _priority(case),
        "owned": reading.list_products(request, case),
        "rating": SupportCase.RATINGS.get(case.rating, ""),
    }


def _fill_fields(case: SupportCase) -> Mapping[str, str]:
    return {"product": site().name_product(case.product), "release": case.release}


def _products(case: Case) -> Sequence[tuple[str, Words]]:
    return site().offer_products()


def _priorities(case: Case) -> Sequence[tuple[str, Words]]:
    return _list_priorities()


def _list_priorities() -> Sequence[tuple[str, Words]]:
    return [(priority, capfirst(str(title))) for priority, title in SupportCase.PRIORITIES.items()]


def _change(doing: Doing) -> HttpResponse:
    case = SupportCase.objects.get(pk=doing.case.pk)
    before = _find_about(case)
    after = {name: doing.values[name] or before[name] for name in ABOUT}
    actions.change(case.pk, **after, at_utc=doing.at_utc, who=doing.who)
    return undoing.lead_on(doing, CHANGED, before, after)


def _change_back(doing: Doing) -> None:
    before = {name: doing.values[name] for name in ABOUT}
    actions.change(doing.case.pk, **before, at_utc=doing.at_utc, who=doing.who)


def _find_about(case: SupportCase) -> Mapping[str, str]:
    return {name: getattr(case, name) for name in ABOUT}


def _tell_changed(request: HttpRequest, case: Case, act: PerformedAct) -> DoneNotice:
    row, (_case, _before, after) = SupportCase.objects.get(pk=case.pk), act.facts
    said = {"number": case.number, "about": about(row), "priority": _priority(row)}
    sentence = _("%(number)s is about %(about)s now, with %(priority)s priority.") % said
    return DoneNotice(sentences=(sentence,), undoable=_is_as_left(row, after))


def _undo_changed(request: HttpRequest, case: Case, act: PerformedAct) -> PerformedAct | None:
    _case, before, after = act.facts
    if not _is_as_left(SupportCase.objects.get(pk=case.pk), after):
        return None
    actions.change(case.pk, **before, at_utc=timezone.now(), who=user_of(request).who)
    return undoing.answer_undone(act, after, before)


def _is_as_left(case: SupportCase, after: Mapping[str, str]) -> bool:
    return case.state == Case.OPEN and all(getattr(case, name) == after[name] for name in ABOUT)


def _narrow(found: "QuerySet[SupportCase]", query: QueryDict) -> "QuerySet[SupportCase]":
    """What the room's own filters ask for."""
    if product := code(query.get("product", "")):
        found = found.filter(product=product)
    if priority := code(query.get("priority", "")):
        found = found.filter(priority=priority)
    return searching.narrow(found, query)


def _list_filters() -> Mapping[str, object]:
    products = sorted((product.slug, product.name) for product in site().products.values())
    return {"products": products, "priorities": _list_priorities()}


def _row(case: SupportCase) -> list[str]:
    waits, product = WAITS.get(case.waits_for, case.waits_for), site().name_product(case.product) or case.product
    rating = SupportCase.RATINGS.get(case.rating, case.rating)
    about = (capfirst(str(_priority(case))), product, case.release, str(rating))
    return [exporting.write_code(name_end(case, case.state)), str(waits), *about, why_in_words(case.alarm)]


WAITS: Mapping[str, Words] = {Case.PERSON: gettext_lazy("The customer"), Case.LATER: gettext_lazy("A date")}
STATES: Mapping[str, Q] = {
    "open": Q(state=Case.OPEN),
    "ours": Q(state=Case.OPEN, waits_for=""),
    "waiting": Q(state=Case.OPEN) & ~Q(waits_for=""),
    "answered": Q(state=Case.ANSWERED),
    "ended": Q(state=Case.WITHDRAWN),
}
WORK = WorkList(
    name="support",
    title=gettext_lazy("Support"),
    heading=gettext_lazy("Support cases"),
    empty=(gettext_lazy("No support cases"), gettext_lazy("Nothing matches your search and filters.")),
    purpose=actions.PURPOSE,
    promise=actions.PROMISE,
    ahead=(("/console/support-figures/", gettext_lazy("Age and first answer")),),
    alike=same_product,
    rows=SupportCase.objects.all,
    states=STATES,
    state=Case.OPEN,
    by_due=(Case.OPEN, "ours"),
    line=line,
    steps=_list_steps,
    entry=StaffEntry("staff.entry", actions.record, gettext_lazy("Enter a support case")),
    seeks=searching.SEEKS,
    sought=searching.find_number,
    to_show=searching.show("product", "priority"),
    filters="support/filters.html",
    given=_list_filters,
    narrow=_narrow,
    exported="support-cases",
    columns=(
        gettext_lazy("State"),
        gettext_lazy("Waits for"),
        gettext_lazy("Priority"),
        gettext_lazy("Product"),
        gettext_lazy("Release"),
        gettext_lazy("Rating"),
        gettext_lazy("Alarm"),
    ),
    row=_row,
)
PANEL = Panel(
    template="support/opened.html",
    context=_describe,
    fields=_fill_fields,
    acts=(
        DeskAct(
            do="change",
            button=gettext_lazy("Change product or priority"),
            run=_change,
            fields=(
                Field(
                    "priority",
                    gettext_lazy("Priority"),
                    choices=_priorities,
                    wrong=gettext_lazy("Choose a priority from the list."),
                    needed=False,
                ),
                Field(
                    "product",
                    gettext_lazy("Product"),
                    choices=_products,
                    wrong=gettext_lazy("Choose a product from the list."),
                    needed=False,
                ),
                Field(
                    "release",
                    gettext_lazy("Release"),
                    least=0,
                    most=LONGEST_RELEASE,
                    look=LINE,
                    wrong=gettext_lazy("Use up to 60 characters."),
                ),
            ),
            hint=gettext_lazy("What you leave empty stays as it is. The person sees product and release."),
            many=True,
            now=_find_about,
            shown=lambda case: case.state == Case.OPEN,
            reverse=undoing.make_reverse(
                "change-back",
                gettext_lazy("Undo change of product or priority"),
                _change_back,
                now=_find_about,
                fields=ABOUT,
                events=("changed",),
                shown=lambda case: case.state == Case.OPEN,
            ),
        ),
    ),
)
DONE: Mapping[str, DoneKind] = {CHANGED: undoing.make_done(ANSWER, _tell_changed, _undo_changed)}
