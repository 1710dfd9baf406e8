"""An account's data: one submission at a time, with its values and its history."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest
from django.utils.translation import gettext as _

from troth import gate, in_force
from troth.access import story
from troth.access.actions import PURPOSE, DescribedValue
from troth.access.filtering import HistoryFilter, list_options
from troth.access.keeping import find_spans
from troth.access.persons import own_membership, own_people
from troth.records import accounts, ledger, profile
from troth.records.membership import SharedFact
from troth.security.models import User
from troth.words.values import in_words

ENTRIES_A_PAGE = 20


@dataclass(frozen=True)
class Fact:
    """One time that they gave us something: in which form and when, as long as any of it is held.

    own  the account itself"""

    person: UUID
    since_utc: datetime
    own: bool
    place: str = ""
    given_utc: datetime | None = None


def facts_of(user: User) -> list[Fact]:
    """The account itself first, then the newest."""
    found = [*own_people(user)]
    origins, places = profile.find_origins(each.person_id for each in found), in_force.policy().collects
    facts = []
    for each in found:
        channel, given_utc = origins.get(each.person_id, ("", None))
        place = places[channel].title if channel in places else ""
        facts.append(Fact(each.person_id, each.since_utc, each.person_id == user.person_id, place, given_utc))
    return sorted(facts, key=lambda fact: (fact.own, fact.given_utc or fact.since_utc, fact.person), reverse=True)


def describe_fact(request: HttpRequest, user: User, person: UUID | None) -> Mapping[str, Any]:
    """The context of a submission's page; of the account's own data without an id. Raises Http404 for a stranger's.

    Cost  6 queries, whatever the account holds."""
    facts = facts_of(user)
    fact = _find(facts, person or user.person_id)
    lines = ledger.outline(fact.person)
    wanted, law = HistoryFilter.read(request.GET), in_force.law()
    asked = wanted.as_past(lines, law.versions[law.current])
    page = Paginator(ledger.Past(fact.person, asked, lines=lines), ENTRIES_A_PAGE).get_page(request.GET.get("page"))
    told = story.write_story(list(page.object_list), given=story.kinds_given(lines))
    return {
        "fact": fact,
        "facts": facts,
        "held": _values(request, fact.person),
        "page": page,
        "story": story.fold(told, one_by_one=wanted.routine),
        "filter": wanted,
        "method": "get",
        "action": request.path,
        "total": sum(line.entries for line in lines),
        "first": ledger.find_start(lines),
        "chose": any(line.kind == "chose" for line in lines),
        **list_options(lines, law),
        "shares": None if fact.own else _shares(user, fact.person),
    }


@dataclass(frozen=True)
class Submission:
    """What was sent with a request, and whether colleagues see it; nothing of one that came by the account itself."""

    held: Sequence[DescribedValue] = ()
    shares: bool | None = None


def describe_submission(request: HttpRequest, user: User, person: UUID) -> Submission:
    """Of a request's own page. Raises Http404 for a stranger's."""
    if person not in [each.person_id for each in own_people(user)]:
        raise Http404("No such fact belongs to this account.")
    own = person == user.person_id
    return Submission() if own else Submission(_values(request, person), _shares(user, person))


def is_of(user: User, person: UUID) -> bool:
    """Whether this is the account itself or one of its submissions."""
    return person in [user.person_id, *(each.person_id for each in own_people(user))]


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


def _shares(user: User, fact: UUID) -> bool | None:
    """Whether colleagues see this submission; None if there is nobody to share it with."""
    if SharedFact.objects.filter(person=fact, shared=True).exists():
        return True
    return None if own_membership(user) is None else False


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
        reason=_("to show it to you in your account"),
    )
    return None if isinstance(given, gate.Refused) else given
