"""Assigns a request: the first rule that matches, and among its recipients the one with the most capacity.

    existing owner → product → territory → tier weight → capacity → fallback queue

`choose` is a pure function: who owns whom and how many requests each recipient has open are passed in.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from troth.policy.phrases import gettext_noop

from .reasons import RoutingReason
from .terms import Need, Routing, RoutingRecipient, RoutingRule, Territory
from .territory import KnownPlace

FALLBACK_RULE = "fallback"
ASSIGNED_RULE = "assigned"
ASSIGNED_TITLE = gettext_noop("Chosen by our staff")
FALLBACK_TITLE = gettext_noop("No rule applies: our staff decides")


@dataclass(frozen=True, slots=True)
class LeadFacts:
    """The facts of a request that matter for routing. `organization` is the key that `owners` uses; "" if unknown.

    `excluded` has the keys of recipients who declined or didn't respond, or who may not have it.
    """

    place: KnownPlace
    product: str = ""
    need: Need = "quote"
    users: int | None = None
    organization: str = ""
    excluded: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class RoutingChoice:
    """The recipient, the rule and the reason. `why` contains nothing that the person entered.

    `alarm` says why no rule could assign it, with the person's entries, so that someone must check.
    `rule_number` counts from 1 and `of` is the number of rules; the fallback queue has number 0.
    """

    rule: str
    rule_number: int
    of: int
    title: str
    recipient: RoutingRecipient
    why: RoutingReason
    alarm: RoutingReason | None = None


def choose(
    routing: Routing, facts: LeadFacts, /, *, owners: Mapping[str, str], load: Mapping[str, int]
) -> RoutingChoice:
    """The one recipient for these facts; the fallback queue, with an alarm, if no rule can assign them.

    Takes   owners: organization → recipient's key; load: recipient's key → open requests.
    Policy  #U6.
    """
    for number, rule in enumerate(routing.rules, 1):
        recipient = _recipient(rule, routing, facts, owners, load)
        if recipient:
            why = _why(rule, recipient)
            return RoutingChoice(rule.id, number, len(routing.rules), rule.title, recipient, why)
    return _fallback(routing, facts)


def matches(rule: RoutingRule, facts: LeadFacts) -> bool:
    """True if the request meets every condition of the rule; a place that is not known meets none."""
    return (
        facts.place.known
        and (rule.products is None or facts.product in rule.products)
        and (rule.need is None or facts.need == rule.need)
        and _has_users(rule, facts.users)
        and (rule.territories is None or any(inside(territory, facts.place) for territory in rule.territories))
    )


def inside(territory: Territory, place: KnownPlace) -> bool:
    """True if the place lies in the territory."""
    return (
        place.country in territory.countries
        or bool(place.state and place.state in territory.states)
        or (place.country == "US" and any(place.zip in zips for zips in territory.zips))
    )


def _has_users(rule: RoutingRule, users: int | None) -> bool:
    if users is None:
        return rule.least_users == 0 and rule.most_users is None
    return users >= rule.least_users and (rule.most_users is None or users <= rule.most_users)


def _recipient(
    rule: RoutingRule, routing: Routing, facts: LeadFacts, owners: Mapping[str, str], load: Mapping[str, int]
) -> RoutingRecipient | None:
    if rule.existing_owner:
        return _owner(routing, facts, owners)
    if not matches(rule, facts):
        return None
    free = [one for one in rule.recipients if one.key not in facts.excluded and _has_room(one, load)]
    return min(free, key=lambda one: (load.get(one.key, 0) + 1) / one.weight, default=None)


def _owner(routing: Routing, facts: LeadFacts, owners: Mapping[str, str]) -> RoutingRecipient | None:
    # An owner's capacity is not asked: an organization is not handed around because its contact is busy.
    key = owners.get(facts.organization, "") if facts.organization else ""
    return routing.recipient(key) if key and key not in facts.excluded and key != routing.fallback.key else None


def _has_room(recipient: RoutingRecipient, load: Mapping[str, int]) -> bool:
    return recipient.capacity is None or load.get(recipient.key, 0) < recipient.capacity


def _why(rule: RoutingRule, recipient: RoutingRecipient) -> RoutingReason:
    if rule.existing_owner:
        return RoutingReason("owner", {"name": recipient.name})
    if len(rule.recipients) == 1:
        return RoutingReason("only-one", {"rule": rule.title, "name": recipient.organization})
    names = {"rule": rule.title, "number": str(len(rule.recipients)), "name": recipient.organization}
    return RoutingReason("most-room", names)


def _fallback(routing: Routing, facts: LeadFacts) -> RoutingChoice:
    matched = facts.place.known and any(matches(rule, facts) for rule in routing.rules if not rule.existing_owner)
    why = RoutingReason("unclear-place" if facts.place.trouble else "all-full" if matched else "no-rule")
    alarm = facts.place.trouble or why
    return RoutingChoice(FALLBACK_RULE, 0, len(routing.rules), FALLBACK_TITLE, routing.fallback, why, alarm)
