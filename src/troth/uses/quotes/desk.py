"""Quote requests in the console: the list, an opened request, and passing it on."""

from collections.abc import Mapping, Sequence
from urllib.parse import urlencode

from django.db.models import Q, QuerySet
from django.http import HttpRequest, QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from troth import in_force
from troth.addresses import MOST_BYTES, NoAddress
from troth.cases.kinds import name_end
from troth.cases.models import Case
from troth.catalog.territory import place_name
from troth.collection.request_keys import Keys, keys_of
from troth.desk import exporting
from troth.desk.acts import DeskAct, Doing, Field, Panel
from troth.desk.entering import StaffEntry
from troth.desk.lists import lines
from troth.desk.lists.lines import ListMoment, WorkLine
from troth.desk.lists.similar import same_product
from troth.desk.lists.worklist import WorkList
from troth.desk.staff import ASSIGN
from troth.desk.steps import Step, list_all_steps, make_given_steps
from troth.queries import PreparedQuery, Slot
from troth.security.models import User
from troth.site import site
from troth.text import code
from troth.uses.quotes import actions
from troth.uses.quotes.models import QuoteRequest
from troth.uses.quotes.portal import count_users
from troth.words.values import in_words, why_in_words

LONGEST_REASON = 200
COLUMNS = (
    gettext_lazy("State"),
    gettext_lazy("Need"),
    gettext_lazy("Product"),
    gettext_lazy("Edition"),
    gettext_lazy("Users"),
    gettext_lazy("Territory"),
    gettext_lazy("Recipient"),
    gettext_lazy("Rule"),
    gettext_lazy("Alarm"),
)


def line(quote: QuoteRequest, shown: ListMoment) -> WorkLine:
    repeated = _("same address has asked before") if quote.repeats_id else ""
    return lines.line_of(
        quote,
        shown,
        work="quotes",
        about=about(quote),
        owner=quote.recipient_name,
        rule=rule(quote),
        alarm=why_in_words(quote.alarm) or repeated,
    )


def about(quote: QuoteRequest) -> str:
    """For example Service: OptiPro Process, 40 users, California."""
    said = (site().name_product(quote.product), count_users(quote), place_name(quote.territory))
    told = ", ".join(filter(None, said)) or _("No product chosen")
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


def _list_steps(quote: QuoteRequest) -> list[Step]:
    routed: list[Step] = []
    if quote.routed_utc:
        told = _("Routed by %(rule)s. %(why)s") if quote.rule_number else "%(rule)s. %(why)s"
        routed.append(Step(told % {"rule": rule(quote), "why": why_in_words(quote.why)}, quote.routed_utc))
    return list_all_steps(quote, quote.place, *routed, *make_given_steps(quote.asker, quote.pk))


def _describe(request: HttpRequest, quote: QuoteRequest) -> Mapping[str, object]:
    """What the panel of one shows besides: what it is about."""
    return {"opened_about": about(quote), "edition": _name_edition(quote)}


def _name_edition(quote: QuoteRequest) -> str:
    return site().name_edition(quote.product, quote.edition) or quote.edition


def _mine(user: User) -> Q:
    """Assigned to the user, or routed to the salesperson of this name."""
    keys = [one.key for one in site().routing.salespeople.values() if one.name == user.display_name]
    return Q(assigned_to=user.username) | Q(assigned_to="", recipient__in=keys)


def _recipients_for(quote: Case) -> Sequence[tuple[str, str]]:
    """Recipients it could go to instead: key and name."""
    present = quote.recipient if isinstance(quote, QuoteRequest) else ""
    return [(key, name) for key, name in _list_recipients() if key != present]


def _list_recipients() -> Sequence[tuple[str, str]]:
    routing = site().routing
    everybody = (*routing.salespeople.values(), *routing.distributors.values(), *routing.consultants.values())
    return [(one.key, f"{one.name}, {one.organization}") for one in everybody]


def _pass_on(doing: Doing) -> None:
    """Passes it on to another recipient."""
    actions.assign(
        doing.case.pk,
        to=doing.values["to"],
        words=doing.values["words"],
        who=doing.who,
        name=doing.user.display_name,
        at_utc=doing.at_utc,
    )


def _passes_on(case: Case, typed: Mapping[str, str]) -> str:
    """Who gets the contact details; in general terms before anyone is chosen."""
    chosen = dict(_list_recipients()).get(typed.get("to", ""))
    told = _("We email %(recipient)s the contact details right away, as the privacy policy allows. ")
    to = told % {"recipient": chosen or _("them")}
    return to + _("The person sees in their history that you chose them. Your reason stays here. This can’t be undone.")


def _narrow(found: "QuerySet[QuoteRequest]", query: QueryDict) -> "QuerySet[QuoteRequest]":
    """What the room's own filters ask for."""
    if digits := code(query.get("address", "")):
        found = found.filter(_of_address(digits))
    if recipient := code(query.get("recipient", "")):
        found = found.filter(recipient=recipient)
    return found.exclude(alarm="") if query.get("alarm") else found


def _filter_by_text(text: str) -> Q:
    company = _keys(f"x@{text}") if "." in text and "@" not in text else None
    return Q(number=text.upper()) | (Q(company_key=company.company) if company and company.company else Q())


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
    names = ("q", "state", "who", "late", "sort", "recipient", "alarm", "address")
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


_EARLIER: "PreparedQuery[tuple[str, str]]" = PreparedQuery(
    lambda: (
        QuoteRequest.objects.exclude(recipient__any=Slot("known"))
        .order_by("recipient", "routed_utc")
        .distinct("recipient")
        .values_list("recipient", "recipient_name")
    )
)


def _list_filters() -> Mapping[str, object]:
    """Whom routing can choose, and others who got requests earlier."""
    current = dict(_list_recipients())
    found = {**dict(_EARLIER.list(known=["", *current])), **current}
    return {"recipients": sorted(found.items(), key=lambda pair: pair[1])}


def _row(quote: QuoteRequest) -> list[str]:
    need = in_force.policy().kinds.get("need")
    asked = (in_words(need, quote.need) if need else quote.need, site().name_product(quote.product) or quote.product)
    told = (*asked, _name_edition(quote), str(quote.users or ""), quote.territory)
    routed = (quote.recipient_name, rule(quote), why_in_words(quote.alarm))
    return [exporting.write_code(name_end(quote, quote.stage)), *told, *routed]


WORK = WorkList(
    name="quotes",
    title=gettext_lazy("Quotes"),
    heading=gettext_lazy("Quote requests"),
    empty=(
        gettext_lazy("No quote requests"),
        gettext_lazy("Nothing matches your search. Only an exact address finds a person."),
    ),
    purpose=actions.PURPOSE,
    promise=actions.PROMISE,
    alike=same_product,
    rows=QuoteRequest.objects.all,
    states=QuoteRequest.STAGES,
    state=Case.OPEN,
    by_due=(Case.OPEN,),
    line=line,
    steps=_list_steps,
    entry=StaffEntry("sales.inquiry", actions.record, gettext_lazy("Enter a quote request")),
    mine=_mine,
    nobodys=Q(assigned_to="") & (Q(recipient="") | ~Q(alarm="")),
    seeks=gettext_lazy("Number, exact address or domain"),
    sought=_filter_by_text,
    filters="quotes/filters.html",
    given=_list_filters,
    narrow=_narrow,
    to_show=_to_show,
    columns=COLUMNS,
    row=_row,
    exported="quote-requests",
)
PANEL = Panel(
    template="quotes/opened.html",
    context=_describe,
    acts=(
        DeskAct(
            do="pass-on",
            told=gettext_lazy("You passed on %(number)s."),
            button=gettext_lazy("Pass on to someone else"),
            run=_pass_on,
            fields=(
                Field(
                    "to",
                    gettext_lazy("To"),
                    choices=_recipients_for,
                    wrong=gettext_lazy("Choose someone from the list."),
                ),
                Field(
                    "words",
                    gettext_lazy("Why"),
                    least=1,
                    most=LONGEST_REASON,
                    wrong=gettext_lazy("Give a reason of up to 200 characters."),
                ),
            ),
            effect=_passes_on,
            once=True,
            shown=lambda case: case.state == Case.OPEN,
            needs=ASSIGN,
        ),
    ),
)
