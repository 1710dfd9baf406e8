"""Opened requests: what is known without reading, what happened so far, and the step that reads the contact."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from troth import gate, outbox
from troth.access import handovers
from troth.collection.site import site
from troth.collection.wording import in_words, refusal_in_words, why_in_words
from troth.security.models import User
from troth.text import CannotRead, paragraph
from troth.uses.quotes.models import QuoteRequest
from troth.web.console.lines import rule

SHORTEST_REASON, LONGEST_REASON = 10, 200


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


def read_contact(user: User, *, person: UUID, purpose: str, request: UUID | None, reason: str) -> Contact:
    """The person's data for this request, through a grant that her history shows with the reader's name and reason."""
    policy = gate.policy()
    stated = policy.purposes[purpose]
    grant = gate.grant(
        person=person,
        purpose=purpose,
        kinds=stated.may_use,
        who=f"staff:{user.username}",
        reason=reason,
        request=request,
    )
    if isinstance(grant, gate.Refused):
        return Contact((), refusal_in_words(grant.decision.code))
    values = gate.read(grant).values
    return Contact(
        tuple(
            (policy.kinds[kind].title, in_words(policy.kinds[kind], values[kind]))
            for kind in policy.kinds
            if kind in values
        ),
        "",
    )


def steps(quote: QuoteRequest) -> list[Step]:
    """From received to answered, as far as it came."""
    found = [Step(_("Received through “%(place)s”") % {"place": _place(quote.place)}, quote.received_utc)]
    if quote.routed_utc:
        told = _("Routed by %(rule)s. %(why)s") if quote.rule_number else "%(rule)s. %(why)s"
        routed = told % {"rule": rule(quote), "why": why_in_words(quote.why)}
        found.append(Step(routed, quote.routed_utc))
    found += [
        Step(_("Given to %(recipient)s: %(kinds)s") % {"recipient": given.to, "kinds": given.kinds}, given.at_utc)
        for given in handovers.given(quote.person_id, quote.id)
    ]
    return sorted([*found, *_letters(quote.id)], key=lambda step: step.at_utc)


def assignable(quote: QuoteRequest) -> list[tuple[str, str]]:
    """Whom the request could go to instead: key and name."""
    routing = site().routing
    everybody = (*routing.salespeople.values(), *routing.distributors.values(), *routing.consultants.values())
    return [(one.key, f"{one.name}, {one.organization}") for one in everybody if one.key != quote.recipient]


def _letters(request: UUID) -> list[Step]:
    letters = outbox.Letter.objects.filter(request=request).order_by("queued_utc")
    return [Step(_letter(letter), letter.sent_utc or letter.queued_utc) for letter in letters]


def _letter(letter: Any) -> str:
    words = {"to": letter.to_name or _("the person"), "state": letter.get_state_display(), "why": letter.why}
    told = _("Letter to %(to)s: %(state)s") % words
    return f"{told} ({letter.why})" if letter.why else told


def _place(place: str) -> str:
    stated = gate.policy().collects.get(place)
    return stated.title if stated else place
