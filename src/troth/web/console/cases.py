"""Privacy requests as staff work on them: the list by due date, one of them opened, and what may be done with it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from troth import gate
from troth.access import handing
from troth.access.copy import pages
from troth.access.requests.desk import case_line
from troth.access.requests.telling import day
from troth.cases import actions, erasing, incident, review
from troth.cases.actions import PURPOSE, CaseProblem
from troth.cases.clocks import CCPA_EXTENSION_DAYS
from troth.cases.denials import REASONS
from troth.cases.kinds import KINDS
from troth.cases.models import Case
from troth.collection import prepared
from troth.desk import exporting, reading
from troth.desk.filters import choose_filter
from troth.desk.staff import READ, WORK, may, staff_only, user_of
from troth.policy.terms import Duration
from troth.security.crew import names_of
from troth.security.models import User
from troth.text import CannotRead, paragraph, read_search
from troth.web.console import procedures
from troth.words import promises
from troth.words.values import kinds_in_words

ROWS_A_PAGE = 25
LONGEST_WORDS = 500


class Wrong(CaseProblem):
    """One field of a form cannot be taken; its sentence stands beside `field`."""

    def __init__(self, field: str, sentence: str) -> None:
        super().__init__(sentence)
        self.field = field


@require_safe
@staff_only
def listed(request: HttpRequest) -> HttpResponse:
    """Open ones first, by when they are due; `state` and `kind` narrow it."""
    user = user_of(request)
    _may(user)
    found = wanted(request.GET, user)
    page = Paginator(found, ROWS_A_PAGE).get_page(request.GET.get("page"))
    now = timezone.now()
    context = {
        "lines": [case_line(case, at_utc=now) for case in page.object_list],
        "page": page,
        "kinds": KINDS.values(),
        "kind": _kind(request.GET),
        "state": _state(request.GET),
        "mine": request.GET.get("mine") == "yes",
        "filters": _kept(request.GET),
        "states": [name for name, _label in Case.STATES if name != Case.OPEN],
        "number": read_search(request.GET.get("number", "")),
    }
    return render(request, "console/cases.html", context)


def _kept(query: QueryDict) -> str:
    """The filters as the end of an address, without the page."""
    kept = query.copy()
    kept.pop("page", None)
    return kept.urlencode()


@require_safe
@staff_only
def as_csv(request: HttpRequest) -> HttpResponse:
    """The same list without paging. No column says who asked."""
    user = user_of(request)
    _may(user)
    head = ("number", "kind", "state", "manner", "received", "due", "with", "reminded %")
    rows = (
        (
            case.number,
            case.kind,
            case.state,
            case.manner,
            case.received_utc.isoformat(),
            case.due_utc.isoformat(),
            case.assigned_to,
            case.reminded,
        )
        for case in wanted(request.GET, user)
    )
    return exporting.as_csv(request, "privacy-work-list", head, rows)


def wanted(query: QueryDict, user: User) -> "QuerySet[Case]":
    """The requests that the filters ask for: open ones by when they are due, ended ones latest first."""
    if number := read_search(query.get("number", "")):
        return Case.objects.filter(number__iexact=number)
    found, state, kind = Case.objects.order_by("due_utc"), _state(query), _kind(query)
    if state == "open":
        found = found.filter(state__in=Case.LIVING)
    else:
        found = (found.filter(state=state) if state else found).order_by("-received_utc")
    if kind:
        found = found.filter(kind=kind)
    return found.filter(assigned_to=user.username) if query.get("mine") == "yes" else found


def _state(query: QueryDict) -> str:
    """One of the states; "open" are all that live, for whoever names none."""
    return choose_filter(query, "state", dict(Case.STATES), default=Case.OPEN)


def _kind(query: QueryDict) -> str:
    return choose_filter(query, "kind", KINDS)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_only
def opened(request: HttpRequest, number: str) -> HttpResponse:
    """One request. What cannot be done says why beside the form, and what was typed stays."""
    user = user_of(request)
    _may(user)
    case = get_object_or_404(Case, number=number)
    if request.method != "POST":
        return _shown(request, case)
    wanted = request.POST.get("do", "")
    if wanted == "contact":
        return _contact(request, case, user)
    try:
        if wanted in _FILES:
            return _FILES[wanted](case, f"staff:{user.username}", timezone.now())
        _STEPS.get(wanted, _unknown)(case, request.POST, f"staff:{user.username}", timezone.now())
    except (CaseProblem, gate.Refusal, gate.GrantRefused) as problem:
        return _shown(request, case, error=str(problem), wrong=getattr(problem, "field", ""), status=400)
    return HttpResponseRedirect(request.path, status=303)


@require_safe
@staff_only
def prepared_file(request: HttpRequest, number: str, id: UUID, *, fetch: bool = False) -> HttpResponse:
    """A copy that this member of staff hands out: being prepared, or the file itself."""
    user = user_of(request)
    _may(user)
    case = get_object_or_404(Case, number=number)
    owner = handing.owner_of(case, f"staff:{user.username}")
    file = prepared.find(id, owner=owner, at_utc=timezone.now())
    shown = pages.download if fetch else pages.progress
    return shown(
        request,
        file,
        here=request.path.removesuffix("download"),
        back=f"/console/cases/{number}/",
        base="console/base.html",
    )


def _may(user: User) -> None:
    if not may(user, WORK):
        raise Http404("Privacy requests are for privacy people and administrators.")


def _contact(request: HttpRequest, case: Case, user: User) -> HttpResponse:
    """Her data, read for the purpose and the reason that stand in her history from then on."""
    try:
        reason = reading.reason_in(request.POST)
    except reading.NoReason as problem:
        return _shown(request, case, error=str(problem), wrong="why", status=400)
    if not may(user, READ, PURPOSE):
        sentence = _("The privacy policy doesn’t name your role as a recipient, so you can’t see this.")
        return _shown(request, case, error=sentence, status=403)
    if case.person_id is None:
        return _shown(request, case, error=_("This case isn’t about a person."), status=400)
    read = reading.read_contact(request, person=case.person_id, purpose=PURPOSE, request=case.id, reason=reason)
    return _shown(request, case, contact=read)


def _assign(case: Case, sent: Mapping[str, str], who: str, now: datetime) -> None:
    actions.assign(case.id, to=who.partition(":")[2], at_utc=now, who=who)


def _note(case: Case, sent: Mapping[str, str], who: str, now: datetime) -> None:
    actions.note(case.id, words=_words(sent, "words"), at_utc=now, who=who)


def _extend(case: Case, sent: Mapping[str, str], who: str, now: datetime) -> None:
    actions.extend(case.id, why=_words(sent, "words"), at_utc=now, who=who)


def _answer(case: Case, sent: Mapping[str, str], who: str, now: datetime) -> None:
    if case.kind == erasing.STEP:
        raise CaseProblem(_("To complete a deletion request, delete the data after two approvals."))
    if case.kind == handing.DISCLOSURE:
        raise CaseProblem(_("To complete a disclosure, disclose the data after two approvals, or deny it."))
    if procedure := _PROCEDURES.get(case.kind):
        procedure(case, who=who, at_utc=now)
        return
    nature = sent.get("nature", "")
    if nature not in ("complied", "complied in part", "nothing held"):
        raise Wrong("nature", _("Choose the outcome."))
    actions.answer(case.id, nature=nature, at_utc=now, who=who)


def _deny(case: Case, sent: Mapping[str, str], who: str, now: datetime) -> None:
    if case.kind in _PROCEDURES:
        raise CaseProblem(_("This closes when all steps are done. It can’t be denied."))
    reason = sent.get("reason", "")
    if reason not in REASONS:
        raise Wrong("reason", _("Choose the reason for denial."))
    actions.deny(case.id, basis=_words(sent, "words"), reason=reason, at_utc=now, who=who)


def _approve(case: Case, sent: Mapping[str, str], who: str, now: datetime) -> None:
    if case.kind not in handing.STEP_OF:
        raise CaseProblem(_("That action isn’t available here."))
    actions.approve(case.id, what=handing.STEP_OF[case.kind], at_utc=now, who=who)


def _erase(case: Case, sent: Mapping[str, str], who: str, now: datetime) -> None:
    erasing.carry_out(case.id, at_utc=now, who=who)


def _prove(case: Case, sent: Mapping[str, str], who: str, now: datetime) -> None:
    actions.verify(case.id, at_utc=now, way=_words(sent, "words"), who=who)


def _export(case: Case, who: str, now: datetime) -> HttpResponse:
    file = handing.export(case, who=who, at_utc=now)
    return HttpResponseRedirect(f"/console/cases/{case.number}/files/{file.pk}/", status=303)


def _disclose(case: Case, who: str, now: datetime) -> HttpResponse:
    return _file(handing.disclose(case, who=who, at_utc=now).encode(), "application/json", f"{case.number}.json")


def _file(content: bytes, kind: str, name: str) -> HttpResponse:
    response = HttpResponse(content, content_type=kind)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _review(case: Case, sent: Mapping[str, str], who: str, now: datetime) -> None:
    review.decide(case, sent.get("username", ""), sent.get("decision", ""), who=who, at_utc=now)


def _step(case: Case, sent: Mapping[str, str], who: str, now: datetime) -> None:
    incident.done(case, sent.get("step", ""), words=_words(sent, "words"), who=who, at_utc=now)


def _unknown(case: Case, sent: Mapping[str, str], who: str, now: datetime) -> None:
    raise CaseProblem(_("That action isn’t available here."))


_STEPS: Mapping[str, Callable[[Case, Mapping[str, str], str, datetime], None]] = {
    "assign": _assign,
    "note": _note,
    "extend": _extend,
    "answer": _answer,
    "deny": _deny,
    "approve": _approve,
    "erase": _erase,
    "prove": _prove,
    "review": _review,
    "step": _step,
}
_FILES: Mapping[str, Callable[[Case, str, datetime], HttpResponse]] = {"export": _export, "disclose": _disclose}
_PROCEDURES = {review.KIND: review.finish, incident.KIND: incident.finish}
"""Cases that end when each of their steps is done."""


def _words(sent: Mapping[str, str], name: str) -> str:
    try:
        words = paragraph(sent.get(name, ""), most=LONGEST_WORDS)
    except CannotRead as problem:
        raise Wrong("words", str(problem)) from problem
    if len(words) < reading.SHORTEST_REASON:
        raise Wrong("words", _("Write a sentence of at least 10 characters."))
    return words


def _shown(
    request: HttpRequest,
    case: Case,
    *,
    error: str = "",
    wrong: str = "",
    contact: reading.Contact | None = None,
    status: int = 200,
) -> HttpResponse:
    """The case. `wrong` names the field beside which the error stands; without it the error is the page's."""
    did = request.POST.get("do", "")
    context = {
        "case": case,
        "line": case_line(case, at_utc=timezone.now()),
        "kind": KINDS[case.kind],
        "due": day(case.due_utc),
        "law": day(case.law_utc),
        "longer": promises.in_words(Duration(CCPA_EXTENSION_DAYS, "day")),
        "confirm": day(case.confirm_utc) if case.confirm_utc else "",
        "living": case.state in Case.LIVING,
        "erasure": case.kind == erasing.STEP,
        "step": handing.STEP_OF.get(case.kind, ""),
        "approvals": _approvals(case),
        "events": _events(case),
        "section": gate.policy().section_of(PURPOSE),
        "contact": contact,
        "procedure": procedures.told(case, user_of(request).username),
        "error": error,
        "wrong": wrong,
        "did": did,
        "denials": REASONS.items(),
        "disclosed": kinds_in_words(gate.policy(), case.facts.get("kinds", [])),
        "typed": request.POST.get("words", "") if did != "step" else "",
        "reason": request.POST.get("reason", "") if did == "contact" else "",
    }
    return render(request, "console/case.html", context, status=status)


@dataclass(frozen=True)
class Happened:
    """One event or approval of a case, with the name of whoever it was."""

    what: str
    words: str
    who: str
    at_utc: datetime


def _events(case: Case) -> list[Happened]:
    """What happened and what became of each email, oldest first."""
    events = list(case.events.all())
    names = names_of(event.who for event in events)
    told = [
        Happened(_named(each.what), each.words, names.get(each.who, _program(each.who)), each.at_utc) for each in events
    ]
    mailed = [Happened(step.words, "", "", step.at_utc) for step in reading.make_email_steps(case.id)]
    return sorted([*told, *mailed], key=lambda each: each.at_utc)


def _approvals(case: Case) -> list[Happened]:
    found = list(case.approvals.order_by("at_utc"))
    names = names_of(each.who for each in found)
    return [Happened(each.what, "", names.get(each.who, each.who), each.at_utc) for each in found]


def _named(what: str) -> str:
    """An event in words; one that has none says itself."""
    words = {
        "asked again": _("same request made again"),
        "notice": _("status email due"),
        "erasing": _("deletion started"),
        "announced": _("account owners notified"),
        "extended": _("deadline extended"),
        "exported": _("copy provided"),
        "erased": _("data deleted"),
        "joined": _("merged with an earlier request"),
        "no letter possible": _("no email could be sent"),
    }
    return words.get(what, what)


def _program(who: str) -> str:
    """Whoever is none of the staff."""
    if who == "person":
        return str(_("the person"))
    return str(_("automatic")) if who.startswith("program:") else who.partition(":")[2] or who
