"""The list of quote requests: state, recipient, rule, age; searched, filtered, as CSV; one of them opened."""

from collections.abc import Iterable, Mapping
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from troth import gate
from troth.addresses import MOST_BYTES, NoAddress
from troth.collection.request_keys import Keys, keys_of
from troth.collection.wording import why_in_words
from troth.text import CannotRead, code, paragraph, sought
from troth.uses.quotes import actions
from troth.uses.quotes.models import QuoteRequest
from troth.web.console import exporting, requests
from troth.web.console.filters import chosen
from troth.web.console.lines import about, quote_line, rule
from troth.web.console.staff import ANSWER, ASSIGN, EXPORT, READ, may, staff_only, user_of

ROWS_A_PAGE = 25
LONGEST_REASON = 200
COLUMNS = (
    "number",
    "state",
    "received",
    "due",
    "need",
    "product",
    "edition",
    "users",
    "territory",
    "recipient",
    "rule",
    "alarm",
)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_only
def listed(request: HttpRequest) -> HttpResponse:
    """Newest first; `q` finds a number or, exactly, an address or a company's mail domain. No URL holds the address."""
    if request.method == "POST":
        return HttpResponseRedirect(f"{request.path}?{_to_show(request.POST)}", status=303)
    return _list(request, {})


@require_http_methods(["GET", "HEAD", "POST"])
@staff_only
def opened(request: HttpRequest, number: str) -> HttpResponse:
    """One request opened among the others. POST `do`: contact (reads it), answered (closes it), assign (moves it)."""
    quote = get_object_or_404(QuoteRequest, number=number)
    user, living = user_of(request), quote.state in QuoteRequest.PLACED
    context: dict[str, object] = {
        "opened": quote,
        "opened_about": about(quote),
        "steps": requests.steps(quote),
        "may_read": may(user, READ, actions.PURPOSE),
        "closable": living and may(user, ANSWER, actions.PURPOSE),
    }
    if living and may(user, ASSIGN, actions.PURPOSE):
        context["assignable"] = requests.assignable(quote)
    match request.POST.get("do"):
        case "answered":
            return _answered(request, quote, context)
        case "assign":
            return _assign(request, quote, context)
        case "contact":
            read, status = requests.asked_contact(request, quote, purpose=actions.PURPOSE)
            return _list(request, context | read, status=status)
    return _list(request, context)


def _answered(request: HttpRequest, quote: QuoteRequest, context: Mapping[str, object]) -> HttpResponse:
    user = user_of(request)
    if not may(user, ANSWER, actions.PURPOSE):
        return _list(request, context, status=403)
    actions.answer(quote.pk, who=f"staff:{user.username}", at_utc=timezone.now())
    return HttpResponseRedirect(request.get_full_path(), status=303)


def _assign(request: HttpRequest, quote: QuoteRequest, context: Mapping[str, object]) -> HttpResponse:
    user = user_of(request)
    if not may(user, ASSIGN, actions.PURPOSE):
        return _list(request, context, status=403)
    try:
        words = paragraph(request.POST.get("words", ""), most=10 * LONGEST_REASON)
    except CannotRead as problem:
        return _list(request, {**context, "not_assigned": str(problem)}, status=400)
    if not 0 < len(words) <= LONGEST_REASON:
        sentence = _("Say why in up to %(number)s characters.") % {"number": LONGEST_REASON}
        return _list(request, {**context, "not_assigned": sentence}, status=400)
    try:
        actions.assign(
            quote.pk,
            to=code(request.POST.get("to", "")),
            words=words,
            who=f"staff:{user.username}",
            name=user.display_name,
            at_utc=timezone.now(),
        )
    except actions.CannotAssign as error:
        return _list(request, {**context, "not_assigned": str(error)}, status=400)
    return HttpResponseRedirect(request.get_full_path(), status=303)


@require_safe
@staff_only
def as_csv(request: HttpRequest) -> HttpResponse:
    """The same list without paging. No column says who asked."""
    if not may(user_of(request), EXPORT, actions.PURPOSE):
        raise Http404("The list is exported by those who answer the requests.")
    return exporting.as_csv(request, "quote-requests", COLUMNS, map(_row, found(request.GET)))


def found(query: QueryDict) -> "QuerySet[QuoteRequest]":
    """The requests that the search and the filters ask for, newest first."""
    quotes = QuoteRequest.objects.order_by("-received_utc")
    if text := sought(query.get("q", "")):
        quotes = quotes.filter(_sought(text))
    if digits := code(query.get("address", "")):
        quotes = quotes.filter(_of_address(digits))
    if state := chosen(query, "state", dict(QuoteRequest.STATES)):
        quotes = quotes.filter(state=state)
    if recipient := code(query.get("recipient", "")):
        quotes = quotes.filter(recipient=recipient)
    return quotes.exclude(alarm="") if query.get("alarm") else quotes


def _sought(text: str) -> Q:
    company = _keys(f"x@{text}") if "." in text and "@" not in text else None
    return Q(number__iexact=text) | (Q(company_key=company.company) if company and company.company else Q())


def _key(text: str) -> str:
    """The hash by which requests of an address are found; for what is no address, one that finds none."""
    keys = _keys(text)
    return keys.address.hex() if keys else "00"


def _keys(text: str) -> Keys | None:
    try:
        return keys_of(text)
    except NoAddress:
        return None


def _to_show(sent: QueryDict) -> str:
    """What was asked for as a query, an address by its keyed hash: browsers and proxies write addresses down."""
    names = ("q", "state", "recipient", "alarm", "address")
    asked = {name: code(str(sent.get(name, "")), most=MOST_BYTES) for name in names}
    if "@" in asked["q"]:
        asked |= {"q": "", "address": _key(asked["q"])}
    return urlencode({name: said for name, said in asked.items() if said})


def _of_address(digits: str) -> Q:
    """Requests from the address of this keyed hash; digits that are none find nothing."""
    try:
        return Q(address_key=bytes.fromhex(digits))
    except ValueError:
        return Q(pk__in=())


def _list(request: HttpRequest, opened: Mapping[str, object], *, status: int = 200) -> HttpResponse:
    now = timezone.now()
    page = Paginator(found(request.GET), ROWS_A_PAGE).get_page(request.GET.get("page"))
    quotes = list(page.object_list)
    one = opened.get("opened")
    if isinstance(one, QuoteRequest) and one not in quotes:
        quotes.insert(0, one)
    policy = gate.policy()
    context = {
        "lines": [quote_line(quote, at_utc=now) for quote in quotes],
        "page": page,
        "query": _kept(request.GET),
        "asked": request.GET,
        "states": [state for state, _title in QuoteRequest.STATES],
        "recipients": _recipients(),
        "section": policy.section_of(actions.PURPOSE),
        "may_export": may(user_of(request), EXPORT, actions.PURPOSE),
        **opened,
    }
    return render(request, "console/quotes.html", context, status=status)


def _recipients() -> Iterable[tuple[str, str]]:
    placed = QuoteRequest.objects.exclude(recipient="").order_by("recipient_name")
    return placed.values_list("recipient", "recipient_name").distinct()


def _kept(query: QueryDict) -> str:
    kept = query.copy()
    kept.pop("page", None)
    return f"{kept.urlencode()}&" if kept else ""


def _row(quote: QuoteRequest) -> list[str]:
    received, due = quote.received_utc.isoformat(timespec="seconds"), quote.due_utc.isoformat(timespec="seconds")
    told = (quote.need, quote.product, quote.edition, str(quote.users or ""), quote.territory)
    routed = (quote.recipient_name, rule(quote), why_in_words(quote.alarm))
    return [quote.number, quote.state, received, due, *told, *routed]
