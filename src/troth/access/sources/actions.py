"""Whom to email because others gave us their data, and what the email says."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction

from troth import gate, in_force, outbox
from troth.outbox import QueuedEmail
from troth.policy import Collect, Held, Policy
from troth.policy.gdpr import FROM_OTHERS
from troth.records.ids import first_id_of, new_id

PURPOSE, EMAIL = "access", "sources/collected"
LATEST = timedelta(days=30)
"""After that no email would be in time: people known for longer, when a policy chooses the law, get none."""
_A_CHUNK = 500


@dataclass(frozen=True, kw_only=True)
class SourceFacts(outbox.EmailFacts):
    """Kinds of data and ways of collecting, by their ids with commas."""

    kinds: str
    places: str


@dataclass(frozen=True)
class WayIn:
    """A way in which data came. `section`: the anchor and the title of where the policy states it."""

    title: str
    section: tuple[str, str]


def notify(*, at_utc: datetime) -> int:
    """How many people get the email now who did not get it before.

    Cost  5 queries; 1 statement for each person."""
    policy = in_force.policy()
    if not policy.is_under_gdpr or PURPOSE not in policy.purposes:
        return 0
    alike = {each.id: _describe(each.held) for each in gate.count_alike() if _is_from_others(each.held)}
    new, after = 0, first_id_of(at_utc - LATEST)
    while alike and (people := gate.list_in_order(after=after, before=at_utc, most=_A_CHUNK)):
        after = people[-1].person
        about = {each.person: alike[each.alike] for each in people if each.alike in alike}
        new += _post(list(gate.select_these(gate.pack(about), PURPOSE, "email")), about)
    return new


def content_of(facts: Mapping[str, Any]) -> Mapping[str, object]:
    """What the email's templates read: titles by the policy in force."""
    policy = in_force.policy()
    places = [policy.collects[id] for id in str(facts["places"]).split(",") if id in policy.collects]
    purposes = [policy.purposes[id] for id in dict.fromkeys(id for place in places for id in place.purposes)]
    recipients = dict.fromkeys(id for purpose in purposes for id in purpose.recipients)
    return {
        "kinds": [policy.kinds[id].title for id in str(facts["kinds"]).split(",") if id in policy.kinds],
        "sources": [WayIn(place.title, _find_section(policy, place)) for place in places],
        "purposes": [purpose.title for purpose in purposes],
        "recipients": [policy.recipients[id].title for id in recipients],
    }


def _is_from_others(held: Iterable[Held]) -> bool:
    """Whether an address came from others, and nothing from the person themselves, who would know already."""
    ways = {each.channel.partition(".")[0] for each in held}
    return ways <= {*FROM_OTHERS} and any(each.kind == "email" for each in held)


def _describe(held: Iterable[Held]) -> SourceFacts:
    kinds, places = ({getattr(each, name) for each in held} for name in ("kind", "channel"))
    return SourceFacts(kinds=",".join(sorted(kinds)), places=",".join(sorted(places)))


def _post(people: Sequence[UUID], about: Mapping[UUID, SourceFacts]) -> int:
    with transaction.atomic():
        known = QueuedEmail.objects.filter(person__in=people, template=EMAIL).values_list("person_id", flat=True)
        new = sorted({*people} - {*known})
        for person in new:
            outbox.post(person=person, purpose=PURPOSE, email=EMAIL, facts=about[person], cause=new_id())
    return len(new)


def _find_section(policy: Policy, place: Collect) -> tuple[str, str]:
    found = policy.section(place.section)
    return place.section, found.title if found else place.section
