"""Opened requests: what is known without reading, what happened so far, and the step that reads the contact."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from uuid import UUID

from django.http import HttpRequest
from django.utils.translation import gettext as _

from troth import gate, outbox
from troth.access import handovers
from troth.collection.site import site
from troth.collection.wording import in_words, refusal_in_words, why_in_words
from troth.security.crew import names_of
from troth.text import CannotRead, paragraph
from troth.uses.inquiries.models import Inquiry
from troth.uses.quotes.models import QuoteRequest
from troth.web.console.lines import rule
from troth.web.console.staff import READ, may, user_of

SHORTEST_REASON, LONGEST_REASON = 10, 200
_READ, _MOST_KEPT = "contacts read", 20


@dataclass(frozen=True)
class Step:
    """One thing that happened."""

    words: str
    at_utc: datetime


@dataclass(frozen=True)
class Contact:
    """What reading gave: titles and values, or the sentence that refused it."""

    values: tuple[tuple[str, str], ...]
    refused: str


class NoReason(Exception):
    """Somebody wants to read a person's data and does not say why, or not in words that can be kept."""


def reason_in(sent: Mapping[str, str]) -> str:
    """The reason that was typed, in one line. Raises NoReason with what to do: the person will read it."""
    try:
        reason = paragraph(sent.get("reason", ""), most=LONGEST_REASON)
    except CannotRead as problem:
        raise NoReason(str(problem)) from problem
    if len(reason) < SHORTEST_REASON:
        raise NoReason(_("Say in a few words why you read it: the person sees your reason in the history."))
    return reason


def asked_contact(
    http: HttpRequest, asked: QuoteRequest | Inquiry, *, purpose: str
) -> tuple[dict[str, object], HTTPStatus]:
    """What the page of a request shows of the contact that its reader asks for, and with which status."""
    if not may(user_of(http), READ, purpose):
        return {}, HTTPStatus.FORBIDDEN
    try:
        reason = reason_in(http.POST)
    except NoReason as problem:
        return {"no_reason": str(problem)}, HTTPStatus.BAD_REQUEST
    read = read_contact(http, person=asked.person_id, purpose=purpose, request=asked.pk, reason=reason)
    return {"contact": read}, HTTPStatus.OK


def read_contact(http: HttpRequest, *, person: UUID, purpose: str, request: UUID | None, reason: str) -> Contact:
    """The person's data for this request, through a grant that her history shows with the reader's name and reason.

    Reloading the page is the same reading as long as its grant is open: nothing is written twice."""
    policy, looked = gate.policy(), _looked(http)
    key = hashlib.sha256(f"{purpose} {person} {request} {reason}".encode()).hexdigest()
    given = gate.look(
        held=UUID(looked[key]) if key in looked else None,
        person=person,
        purpose=purpose,
        kinds=policy.purposes[purpose].may_use,
        who=f"staff:{user_of(http).username}",
        reason=reason,
        request=request,
    )
    if isinstance(given, gate.Refused):
        return Contact((), refusal_in_words(given.decision.code))
    _keep(http, looked, key, given.grant.id)
    values = given.values
    return Contact(
        tuple(
            (policy.kinds[kind].title, in_words(policy.kinds[kind], values[kind]))
            for kind in policy.kinds
            if kind in values
        ),
        "",
    )


def _looked(http: HttpRequest) -> dict[str, str]:
    """What this session has read lately: digest of what and why → the grant."""
    return dict(http.session.get(_READ, {}))


def _keep(http: HttpRequest, looked: dict[str, str], key: str, grant: UUID) -> None:
    if looked.get(key) == str(grant):
        return
    kept = [(each, id) for each, id in looked.items() if each != key][1 - _MOST_KEPT :]
    http.session[_READ] = dict([*kept, (key, str(grant))])


def steps(quote: QuoteRequest) -> list[Step]:
    """From received to answered, as far as it came."""
    found = [Step(_("Received through “%(place)s”") % {"place": _place(quote.place)}, quote.received_utc)]
    if quote.routed_utc:
        told = _("Routed by %(rule)s. %(why)s") if quote.rule_number else "%(rule)s. %(why)s"
        routed = told % {"rule": rule(quote), "why": why_in_words(quote.why)}
        found.append(Step(routed, quote.routed_utc))
    found += [Step(_given(given), given.at_utc) for given in handovers.given(quote.person_id, quote.id)]
    found += _answered(quote)
    return sorted([*found, *mailed(quote.id)], key=lambda step: step.at_utc)


def inquiry_steps(inquiry: Inquiry) -> list[Step]:
    """From received to answered, as far as it came."""
    found = [Step(_("Received through “%(place)s”") % {"place": _place(inquiry.place)}, inquiry.received_utc)]
    if inquiry.assigned_utc:
        found.append(Step(_("In the queue of those who answer"), inquiry.assigned_utc))
    return sorted([*found, *_answered(inquiry), *mailed(inquiry.id)], key=lambda step: step.at_utc)


def _answered(asked: QuoteRequest | Inquiry) -> list[Step]:
    """Who noted that it was answered. Older requests do not know."""
    if asked.answered_utc is None:
        return []
    names = names_of([asked.answered_by])
    told = _("Answered, as noted by %(name)s") % {"name": names.get(asked.answered_by, asked.answered_by)}
    return [Step(told, asked.answered_utc)]


def assignable(quote: QuoteRequest) -> list[tuple[str, str]]:
    """Whom the request could go to instead: key and name."""
    routing = site().routing
    everybody = (*routing.salespeople.values(), *routing.distributors.values(), *routing.consultants.values())
    return [(one.key, f"{one.name}, {one.organization}") for one in everybody if one.key != quote.recipient]


def mailed(request: UUID) -> list[Step]:
    """What became of each email about a request."""
    return [Step(mail.sentence, mail.at_utc) for mail in outbox.of_request(request, you=_("the person"))]


def _given(given: handovers.HandOver) -> str:
    named = {"recipient": given.to, "kinds": given.kinds}
    if given.arrived:
        return _("Given to %(recipient)s: %(kinds)s") % named
    return _("Meant for %(recipient)s: %(kinds)s") % named


def _place(place: str) -> str:
    stated = gate.policy().collects.get(place)
    return stated.title if stated else place
