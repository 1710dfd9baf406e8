"""An account's data: the history of all of it, and each submission with its values."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest
from django.utils.translation import gettext as _

from troth import gate, in_force
from troth.access import browsing
from troth.access.actions import PURPOSE, DescribedValue
from troth.access.keeping import find_spans
from troth.access.persons import SHOWN, list_own_people, own_membership, own_people
from troth.cases.actions import PURPOSE as RIGHTS
from troth.cases.kinds import outward
from troth.cases.models import Case
from troth.records import accounts, profile
from troth.records.membership import SharedFact
from troth.security.models import User
from troth.words.story import LineAbout
from troth.words.values import in_words


@dataclass(frozen=True)
class Fact:
    """One time that they gave us something: in which form and when, as long as any of it is held.

    own  the account itself, of which neither is asked"""

    person: UUID
    since_utc: datetime
    own: bool
    place: str = ""
    given_utc: datetime | None = None


def facts_of(user: User) -> list[Fact]:
    """The account itself first, then the newest.   Cost  1 query, and 1 where there are others than the account"""
    found, places = list_own_people(user), in_force.policy().collects
    origins = profile.find_origins([each.person_id for each in found if each.person_id != user.person_id])
    facts = []
    for each in found:
        channel, given_utc = origins.get(each.person_id, ("", None))
        place = places[channel].title if channel in places else ""
        facts.append(Fact(each.person_id, each.since_utc, each.person_id == user.person_id, place, given_utc))
    return sorted(facts, key=lambda fact: (fact.own, fact.given_utc or fact.since_utc, fact.person), reverse=True)


def describe_data(request: HttpRequest, user: User, person: UUID | None) -> Mapping[str, Any]:
    """The context of the history of the whole account, or of one submission's page.

    Cost    4 queries, 1 more with submissions beside the account; of one submission 3 more.
    Raises  Http404: a stranger's."""
    facts = facts_of(user)
    fact = _find(facts, person) if person or not facts else None
    about: dict[str, Any] = {"fact": fact, "facts": facts, "method": "get", "action": request.path}
    if fact is None:
        return {
            **about,
            **browsing.describe_history([each.person for each in facts], request.GET, abouts=_list_abouts(facts)),
        }
    held = _values(request, fact.person)
    about |= {"held": held, "shares": None if fact.own else _shares(user, fact.person, held)}
    return {**about, **browsing.describe_history([fact.person], request.GET)}


def _list_abouts(facts: Iterable[Fact]) -> Mapping[UUID, LineAbout]:
    """What entries without a request are about: the submission, where it is known as one."""
    return {
        each.person: LineAbout(each.place, f"/account/data/{each.person}/")
        for each in facts
        if each.place and not each.own
    }


def find_people(user: User, person: UUID | None) -> list[UUID]:
    """Whose entries the receipts of such a page are of. Raises Http404 for a stranger's."""
    facts = facts_of(user)
    return [each.person for each in facts] if person is None and facts else [_find(facts, person).person]


@dataclass(frozen=True)
class Submission:
    """What was sent with a request, and whether colleagues see it; nothing of one that came by the account itself."""

    held: Sequence[DescribedValue] = ()
    shares: bool | None = None


def describe_submission(request: HttpRequest, user: User, person: UUID) -> Submission:
    """Of a request's own page. Raises Http404 for a stranger's."""
    if person not in own_people(user):
        raise Http404("No such fact belongs to this account.")
    if person == user.person_id:
        return Submission()
    held = _values(request, person)
    return Submission(held, _shares(user, person, held))


def _find(facts: Iterable[Fact], person: UUID | None) -> Fact:
    fact = next((each for each in facts if each.person == person), None)
    if fact is None:
        raise Http404("No such fact belongs to this account.")
    return fact


@dataclass(frozen=True)
class SpellingOffer:
    """A submission under another spelling of the account's address: where and when, without its values."""

    person: UUID
    place: str
    at_utc: datetime


def offers_of(user: User) -> list[SpellingOffer]:
    """Submissions that the owner may add to the account.   Cost  1 query, and 1 more for each offer."""
    return [_offer(person) for person in accounts.offers_of(user.pk)]


def _offer(person: UUID) -> SpellingOffer:
    datum = profile.list_data(person)[0]  # an offer has an address at least
    place = in_force.policy().collects.get(datum.channel)
    return SpellingOffer(person, place.title if place else datum.channel, datum.collected_utc)


def _shares(user: User, fact: UUID, held: Iterable[DescribedValue]) -> bool | None:
    """Whether colleagues see this submission; None if there is nobody to share it with, or nothing they would see."""
    if SharedFact.objects.filter(person=fact, shared=True).exists():
        return True
    if own_membership(user) is None:
        return None
    # As `cases_shared` says: colleagues see every request but those about someone's own data.
    listed = Case.objects.filter(person=fact, kind__in=outward()).exclude(purpose=RIGHTS)
    return False if any(each.kind.id in SHOWN for each in held) or listed.exists() else None


def _values(request: HttpRequest, person: UUID) -> list[DescribedValue]:
    """The values, by the grant of the last look while it is open."""
    spans = find_spans(person)
    given = _look(request, person, list(spans)) if spans else None
    values, kinds = given.values if given else {}, in_force.policy().kinds
    return [
        DescribedValue(kind, in_words(kind, values[kind.id]), False, spans[kind.id].since_utc, spans[kind.id].kept)
        for kind in kinds.values()
        if kind.id in values and kind.id in spans
    ]


def _look(request: HttpRequest, person: UUID, kinds: list[str]) -> gate.Given | None:
    given = gate.look(
        # A kind that came in since is not in the open grant: its number asks for a new one.
        place=gate.SessionLook(request.session, f"{PURPOSE} {person} {len(kinds)}"),
        person=person,
        purpose=PURPOSE,
        kinds=kinds,
        who="program:account",
        reason=_("to show you what we hold"),
    )
    return None if isinstance(given, gate.Refused) else given
