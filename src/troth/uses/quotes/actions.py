"""What happens with a request for a quote or for service: T1 received, T2 granted, T3 passed on."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from troth import catalog, gate, in_force, outbox, queue
from troth.cases import actions as cases
from troth.cases import events, timing
from troth.cases.actions import CaseProblem
from troth.cases.emails import describe_due, post_receipt
from troth.cases.kinds import CaseKind, Nothing, never
from troth.cases.models import Case, by_id, by_id_locked, extend_case
from troth.cases.thread import writing
from troth.catalog import routing, territory
from troth.collection.intake import Intake
from troth.collection.request_keys import keys_of
from troth.desk.portal import describe_other_end
from troth.desk.receipts import RequestReceipt, describe_closing, receipt_of
from troth.queries import update
from troth.site import site
from troth.uses.quotes import likeness
from troth.uses.quotes.models import QuoteRequest
from troth.words import promises
from troth.words.values import refusal_in_words

PURPOSE = "quotes"
PROGRAM = "program:routing"
PROMISE = "quotes.answer"


@dataclass(frozen=True, kw_only=True)
class QuoteFacts(outbox.EmailFacts):
    """What both emails say. `promised`, `desk`: "yes" where the policy promises a time, and where our staff answer."""

    number: str
    need: str
    product: str
    edition: str
    recipient: str
    rule: str
    why: str
    due: str
    promised: str
    desk: str


def _queue_routing(case: Case, at_utc: datetime) -> None:
    queue.defer("quotes.route", soon=True, quote=str(case.id))  # by name: the job imports us


QUOTE: CaseKind[Nothing] = CaseKind(
    id="quote",
    prefix="Q",
    title=gettext_lazy("Quote request"),
    purpose=PURPOSE,
    queue="staff.sales",
    clock=timing.answer(PROMISE),
    promise=PROMISE,
    routed=True,
    emails=("reply",),
    reopens=True,
    page="conversation",
    at_once=_queue_routing,
    finish=cases.note_answer,
    deniable=never,
)


def record(intake: Intake) -> QuoteRequest:
    """Stores the request as `received`, with keyed hashes of the address, and queues its job."""
    values = intake.values
    keys = keys_of(values["email"]) if "email" in values else None
    return extend_case(
        QuoteRequest,
        writing.open_with(QUOTE, intake),
        place=intake.place,
        version=intake.version,
        need=values.get("need", "quote"),
        product=values.get("product", ""),
        edition=values.get("edition", ""),
        users=int(values["users"]) if "users" in values else None,
        territory="-".join(filter(None, (values.get("country", ""), values.get("state", "")))),
        address_key=keys.address if keys else None,
        company_key=keys.company if keys else None,
        repeats=likeness.find_repeated(keys, product=values.get("product", ""), at_utc=intake.at_utc) if keys else None,
    )


def route(quote: UUID, *, at_utc: datetime) -> None:
    """T2 and T3: assigns the recipient, records the disclosure and queues both emails.

    May be called again at any time: what is done is not done twice."""
    asked = by_id(QuoteRequest).first(id=quote)
    if asked is None or asked.state != Case.RECEIVED:
        return
    grant = gate.grant(
        person=asked.asker,
        purpose=PURPOSE,
        kinds=_kinds_of(asked),
        who=PROGRAM,
        reason=_("to pass on your request %(number)s") % {"number": asked.number},
        cause=asked.id,
    )
    if isinstance(grant, gate.Refused):
        _refuse(asked, grant)
        return
    given = gate.read(grant)
    with transaction.atomic():
        locked = by_id_locked(QuoteRequest).first(id=quote)
        if locked is not None and locked.state == Case.RECEIVED:
            _pass_on(locked, given, at_utc=at_utc)


def assign(quote: UUID, *, to: str, words: str, who: str, name: str, at_utc: datetime) -> None:
    """T2 and T3 by hand: passes the request to another recipient, as if a rule had chosen them.

    The ledger says who chose; the reason in their own `words` stays in the request, for it may name someone.
    Takes   who, name: the member of staff, as the ledger and as people know them.   Raises  CaseProblem."""
    asked = QuoteRequest.objects.get(pk=quote)
    recipient = _assignable(asked, to)
    reason = _("to pass on your request %(number)s") % {"number": asked.number}
    kinds = _kinds_of(asked)
    grant = gate.grant(person=asked.asker, purpose=PURPOSE, kinds=kinds, who=who, reason=reason, cause=asked.id)
    if isinstance(grant, gate.Refused):
        raise CaseProblem(refusal_in_words(grant.decision.code))
    given = gate.read(grant)
    why = catalog.RoutingReason("assigned", {"name": name})
    chosen = routing.RoutingChoice(
        routing.ASSIGNED_RULE, 0, len(site().routing.rules), routing.ASSIGNED_TITLE, recipient, why
    )
    with transaction.atomic():
        locked = QuoteRequest.objects.select_for_update().get(pk=quote)
        if locked.state == Case.OPEN and locked.recipient != to:
            _hand_over(locked, given, chosen, who=who, at_utc=at_utc)
            because = str(catalog.RoutingReason("assigned-because", {"name": name, "words": words}))
            QuoteRequest.objects.filter(pk=quote).update(why=because)


def receipt(cause: UUID) -> RequestReceipt | None:
    """What the receipt page says; nothing if this room has no such request."""
    quote = by_id(QuoteRequest).first(id=cause)
    if quote is None:
        return None
    return receipt_of(
        quote,
        describe(quote),
        why_title=_("Why %(recipient)s") % {"recipient": quote.recipient_name} if quote.recipient_name else "",
        why=_why_in_words(quote),
        waiting=quote.state == Case.RECEIVED,
        mailed=True,
    )


def describe(quote: QuoteRequest) -> tuple[str, str]:
    """Heading and lead of the receipt: who has it, and what comes next."""
    if ended := describe_other_end(quote):
        heading, lead = ended
        return heading, " ".join(filter(None, (lead, tell_outside(quote) if quote.stage == Case.WITHDRAWN else "")))
    match quote.stage:
        case Case.RECEIVED:
            return _("We received your request"), _(
                "We’re choosing who answers it. Refresh in a moment to see who will."
            )
        case QuoteRequest.QUEUED:
            return _("Your request is with our staff"), _(
                "Someone on our staff reads it and makes sure you get an answer."
            )
        case Case.REFUSED:
            return _("We did not pass on your request"), _(
                "Our privacy policy doesn’t allow it, so nobody received anything."
            )
        case Case.ERASED:
            return _("We no longer hold data about you"), _("Your data was deleted, and this request ended with it.")
        case Case.ANSWERED:
            return _("Your request was answered"), describe_closing(quote.answered_by, quote.answered_utc)
    return _with_recipient(quote)


def tell_outside(quote: QuoteRequest) -> str:
    """What its author can do, once they withdraw it, about the other company that has it; "" where none has.

    The policy states no email to that company about it, so none is sent."""
    stated = in_force.policy().recipients.get(quote.recipient_class)
    if not quote.routed_utc or stated is None or not stated.third_party:
        return ""
    return _(
        "We passed it on to %(recipient)s and don’t tell them that you withdraw it. If they contact you, tell them you "
        "no longer need an answer. They may use what they received for this request only."
    ) % {"recipient": quote.recipient_name}


def _with_recipient(quote: QuoteRequest) -> tuple[str, str]:
    """Whether the recipient has it: only once the mail server accepted the email."""
    mailed = outbox.of_permits([quote.disclosure]).get(quote.disclosure) if quote.disclosure else None
    named = {"recipient": quote.recipient_name}
    if mailed is None or mailed.sent:
        return _("Your request is with %(recipient)s") % named, ""
    if mailed.state in outbox.QueuedEmail.ON_ITS_WAY:
        return _("Your request is on its way to %(recipient)s") % named, mailed.sentence
    return _("Your request has not reached %(recipient)s") % named, mailed.sentence


def _why_in_words(quote: QuoteRequest) -> str:
    """The same sentence for every rule: a stranger may see a receipt, and some rules reveal whom we know."""
    if not quote.routed_utc:
        return ""
    if quote.rule == routing.ASSIGNED_RULE:
        return _("One of our staff chose who answers.")
    return _("Our routing rules chose who answers. The private link in our email to you shows which rule.")


def _kinds_of(quote: QuoteRequest) -> Sequence[str]:
    """What the place asked and the purpose may use, in the policy's order."""
    policy = in_force.policy()
    purpose = policy.purposes.get(PURPOSE)
    may_use = purpose.may_use if purpose else ()
    asked = policy.collects[quote.place].asks if quote.place in policy.collects else ()
    return [ask.kind for ask in asked if ask.kind in may_use] or list(may_use) or ["email"]


def _refuse(quote: QuoteRequest, refused: gate.Refused) -> None:
    """Closes a request that the policy doesn't allow: nothing leaves, and staff see why."""
    cases.refuse(quote.pk, because=refused.decision.code, at_utc=timezone.now(), who=PROGRAM)


def _pass_on(quote: QuoteRequest, given: gate.Given, *, at_utc: datetime) -> None:
    """T3: the recipient gets the request, and the person a receipt with their private link."""
    facts = _hand_over(quote, given, _choose(quote, given), who=PROGRAM, at_utc=at_utc)
    post_receipt(quote, facts, who=PROGRAM, at_utc=at_utc)


def _hand_over(
    quote: QuoteRequest, given: gate.Given, chosen: routing.RoutingChoice, *, who: str, at_utc: datetime
) -> QuoteFacts:
    """Records the disclosure of exactly the granted kinds and queues the recipient's email. Returns its facts."""
    to = chosen.recipient
    disclosure = gate.disclose(
        given,
        recipient_class=to.kind,
        recipient=to.key,
        recipient_name=_name(to),
        kinds=list(given.values),
        who=who,
        reason=str(chosen.why),
        product=quote.product,
    )
    _place(quote, chosen, disclosure, who=who, at_utc=at_utc)
    facts = _facts(quote, given)
    outbox.post_disclosed(
        disclosure=disclosure,
        email="quotes/request",
        to=outbox.EmailRecipient(key=to.key, name=to.name, address=to.email),
        facts=facts,
        cause=quote.id,
    )
    return facts


def _assignable(quote: QuoteRequest, to: str) -> catalog.RoutingRecipient:
    recipient = site().routing.recipient(to)
    if quote.state != Case.OPEN:
        raise CaseProblem(_("This request isn’t open, so it can’t be reassigned."))
    if recipient is None or recipient == site().routing.fallback:
        raise CaseProblem(_("Choose someone from the list."), "to")
    if to == quote.recipient:
        raise CaseProblem(_("They already have this request."), "to")
    if to in _find_excluded(quote.product):
        raise CaseProblem(_("Our privacy policy lets them receive requests about other products only."), "to")
    return recipient


def _find_excluded(product: str) -> frozenset[str]:
    """Recipients who, by the policy, receive requests about other products only."""
    kinds = [each.id for each in in_force.policy().recipients.values() if not each.serves(product)]
    return site().routing.keys_of(kinds)


def _choose(quote: QuoteRequest, given: gate.Given) -> routing.RoutingChoice:
    place = territory.locate(
        given.values.get("zip", ""), given.values.get("state", ""), given.values.get("country", "US")
    )
    facts = routing.LeadFacts(
        place=place,
        product=quote.product,
        need="service" if quote.need == "service" else "quote",
        users=quote.users,
        organization=likeness.organization(quote),
        excluded=_find_excluded(quote.product),
    )
    return routing.choose(site().routing, facts, owners=likeness.owners(quote), load=QuoteRequest.load())


def _place(
    quote: QuoteRequest, chosen: routing.RoutingChoice, disclosure: gate.Disclosure, *, who: str, at_utc: datetime
) -> None:
    placed: dict[str, object] = {
        "rule": chosen.rule,
        "rule_number": chosen.rule_number,
        "rules": chosen.of,
        "rule_title": chosen.title,
        "why": str(chosen.why),
        "recipient_class": chosen.recipient.kind,
        "recipient": chosen.recipient.key,
        "recipient_name": _name(chosen.recipient),
        "given_kinds": list(disclosure.kinds),
        "disclosure": disclosure.id,
        "routed_utc": at_utc,
    }
    for name, value in placed.items():
        setattr(quote, name, value)
    update(quote, *placed)
    events.add(quote, "passed on", who=who, at_utc=at_utc, change={"alarm": str(chosen.alarm or "")})


def _name(recipient: catalog.RoutingRecipient) -> str:
    """The person and their company; only one if both are the same."""
    return ", ".join(dict.fromkeys(filter(None, (recipient.name, recipient.organization))))


def _facts(quote: QuoteRequest, given: gate.Given) -> QuoteFacts:
    """What both emails may say that concerns nobody: ids, the catalog's names, the rule."""
    product = given.values.get("product", "")
    return QuoteFacts(
        number=quote.number,
        need=given.values.get("need", ""),
        product=site().name_product(product),
        edition=site().name_edition(product, given.values.get("edition", "")),
        recipient=quote.recipient_name,
        rule=quote.rule_title,
        why=quote.why,
        due=describe_due(quote),
        promised="yes" if promises.find_promise(PROMISE) else "",
        desk="yes" if quote.stage == QuoteRequest.QUEUED else "",
    )
