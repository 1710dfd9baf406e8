"""Quote requests in the console: the list, one of them opened, and giving it to somebody else."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from urllib.parse import urlencode

from django.db.models import Q, QuerySet
from django.http import HttpRequest, QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from troth.addresses import MOST_BYTES, NoAddress
from troth.collection.request_keys import Keys, keys_of
from troth.collection.site import site
from troth.desk import lines, reading
from troth.desk.filters import choose_filter
from troth.desk.lines import WorkLine
from troth.desk.reading import Step
from troth.desk.staff import ASSIGN, may, user_of
from troth.desk.worklist import CannotAct, WorkList
from troth.text import CannotRead, code, paragraph, read_search
from troth.uses.quotes import actions
from troth.uses.quotes.models import QuoteRequest
from troth.words.values import why_in_words

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


def line(quote: QuoteRequest, at_utc: datetime) -> WorkLine:
    mark, when = (
        lines.urgency(quote.due_utc, at_utc)
        if quote.state in QuoteRequest.PLACED
        else lines.describe_settled(quote.state)
    )
    return WorkLine(
        number=quote.number,
        address=f"/console/quotes/{quote.number}/",
        about=about(quote),
        alarm=why_in_words(quote.alarm) or (_("same address asked before") if quote.repeats_id else ""),
        mark=mark,
        when=when,
        received_utc=quote.received_utc,
        age=lines.age(quote.received_utc, at_utc),
        due_utc=quote.due_utc,
        owner=quote.recipient_name or _("No one yet"),
        rule=rule(quote),
    )


def about(quote: QuoteRequest) -> str:
    """Service: OptiPro Process, 40 users, US-CA"""
    product = site().products.get(quote.product)
    users = ngettext("%d user", "%d users", quote.users) % quote.users if quote.users else ""
    named = product.name if product else _("no product chosen")
    told = ", ".join(filter(None, (named, users, quote.territory)))
    return _("Service: %(told)s") % {"told": told} if quote.need == "service" else told


def rule(quote: QuoteRequest) -> str:
    if not quote.rule:
        return ""
    if not quote.rule_number:
        return _(quote.rule_title)
    return _("rule %(number)s of %(of)s: %(title)s") % {
        "number": quote.rule_number,
        "of": quote.rules,
        "title": quote.rule_title,
    }


def steps(quote: QuoteRequest) -> list[Step]:
    """From received to answered, as far as it came."""
    found = [reading.make_received_step(quote.place, quote.received_utc)]
    if quote.routed_utc:
        told = _("Routed by %(rule)s. %(why)s") if quote.rule_number else "%(rule)s. %(why)s"
        found.append(Step(told % {"rule": rule(quote), "why": why_in_words(quote.why)}, quote.routed_utc))
    found += reading.make_given_steps(quote.person_id, quote.id)
    found += reading.make_answered_steps(quote.answered_by, quote.answered_utc)
    return sorted([*found, *reading.make_email_steps(quote.id)], key=lambda step: step.at_utc)


def opened(request: HttpRequest, quote: QuoteRequest) -> Mapping[str, object]:
    """What the page of one shows besides: what it is about, and whom it could go to instead."""
    if quote.state in QuoteRequest.PLACED and may(user_of(request), ASSIGN, actions.PURPOSE):
        return {"opened_about": about(quote), "assignable": assignable(quote)}
    return {"opened_about": about(quote)}


def assignable(quote: QuoteRequest) -> list[tuple[str, str]]:
    """Whom the request could go to instead: key and name."""
    routing = site().routing
    everybody = (*routing.salespeople.values(), *routing.distributors.values(), *routing.consultants.values())
    return [(one.key, f"{one.name}, {one.organization}") for one in everybody if one.key != quote.recipient]


def assign(request: HttpRequest, quote: QuoteRequest) -> None:
    """Gives it to somebody else."""
    user = user_of(request)
    if not may(user, ASSIGN, actions.PURPOSE):
        raise CannotAct(403)
    try:
        words = paragraph(request.POST.get("words", ""), most=10 * LONGEST_REASON)
    except CannotRead as problem:
        raise CannotAct(400, not_assigned=str(problem)) from problem
    if not 0 < len(words) <= LONGEST_REASON:
        sentence = _("Give a reason of up to %(number)s characters.") % {"number": LONGEST_REASON}
        raise CannotAct(400, not_assigned=sentence)
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
        raise CannotAct(400, not_assigned=str(error)) from error


def found(query: QueryDict) -> "QuerySet[QuoteRequest]":
    """The requests that the search and the filters ask for, newest first."""
    quotes = QuoteRequest.objects.order_by("-received_utc")
    if text := read_search(query.get("q", "")):
        quotes = quotes.filter(_sought(text))
    if digits := code(query.get("address", "")):
        quotes = quotes.filter(_of_address(digits))
    if state := choose_filter(query, "state", dict(QuoteRequest.STATES)):
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


def _to_show(request: HttpRequest) -> str:
    """What was asked for as a query, an address by its keyed hash: browsers and proxies write addresses down."""
    names = ("q", "state", "recipient", "alarm", "address")
    asked = {name: code(str(request.POST.get(name, "")), most=MOST_BYTES) for name in names}
    if "@" in asked["q"]:
        asked |= {"q": "", "address": _key(asked["q"])}
    return urlencode({name: said for name, said in asked.items() if said})


def _of_address(digits: str) -> Q:
    """Requests from the address of this keyed hash; digits that are none find nothing."""
    try:
        return Q(address_key=bytes.fromhex(digits))
    except ValueError:
        return Q(pk__in=())


def _filters(request: HttpRequest) -> Mapping[str, object]:
    return {"states": [state for state, _title in QuoteRequest.STATES], "recipients": _recipients()}


def _recipients() -> Iterable[tuple[str, str]]:
    placed = QuoteRequest.objects.exclude(recipient="").order_by("recipient_name")
    return placed.values_list("recipient", "recipient_name").distinct()


def _row(quote: QuoteRequest) -> list[str]:
    received, due = quote.received_utc.isoformat(timespec="seconds"), quote.due_utc.isoformat(timespec="seconds")
    told = (quote.need, quote.product, quote.edition, str(quote.users or ""), quote.territory)
    routed = (quote.recipient_name, rule(quote), why_in_words(quote.alarm))
    return [quote.number, quote.state, received, due, *told, *routed]


def _due() -> "QuerySet[QuoteRequest]":
    return QuoteRequest.objects.filter(state__in=QuoteRequest.PLACED)


def _waiting() -> Iterable[QuoteRequest]:
    return QuoteRequest.objects.filter(state=QuoteRequest.RECEIVED)


def _alarmed() -> Iterable[QuoteRequest]:
    over = [QuoteRequest.ANSWERED, QuoteRequest.ERASED]
    return QuoteRequest.objects.exclude(state__in=over).exclude(alarm="").order_by("-received_utc")


WORK = WorkList(
    name="quotes",
    title=gettext_lazy("Quotes"),
    purpose=actions.PURPOSE,
    promise=actions.PROMISE,
    model=QuoteRequest,
    template="quotes/work_list.html",
    due=_due,
    waiting=_waiting,
    alarmed=_alarmed,
    line=line,
    steps=steps,
    answer=actions.answer,
    found=found,
    to_show=_to_show,
    filters=_filters,
    opened=opened,
    acts={"assign": assign},
    columns=COLUMNS,
    row=_row,
    exported="quote-requests",
)
