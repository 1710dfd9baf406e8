"""Someone on the phone, found by what they tell: company, surname, phone number, order or number of a request.

Keyed marks find them, so no sealed value is opened for it. What is shown of those who are found is one use of their
data: for a purpose, with a reason, and in the history of each of them. It is partly hidden: enough to ask back, and no
more.

Policy  #S1
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from troth import gate, in_force
from troth.cases.kinds import kind_of
from troth.cases.models import Case
from troth.collection.forms.types import TYPES, kinds_of
from troth.collection.forms.types.telephone import PHONE, list_endings
from troth.collection.forms.types.texts import COMPANY, NAME
from troth.desk import index
from troth.desk.lists.worklist import WorkList
from troth.desk.staff import READ, list_allowing, may, user_of
from troth.policy.terms import Kind
from troth.records import profile
from troth.security import limits
from troth.security.limits import Limit
from troth.security.models import User
from troth.text.words import list_words
from troth.wording import Words
from troth.words.codes import in_words
from troth.words.values import in_sentence, refusal_in_words

MOST = 20
"""People that one search shows."""
_MOST_WORDS, _MOST_REQUESTS = 6, 5
_SEARCHES = Limit("find a caller", 60, timedelta(hours=1))
_CASE = re.compile(r"[A-Za-z]{1,3}-\d{4}-\d+")
_PHONE = re.compile(r"[+(\d][\d\s().\-/]{5,40}")


@dataclass(frozen=True)
class CallerRequest:
    """One of their requests. `address`: in the console, for those who may work on it."""

    number: str
    title: Words
    state: str
    address: str


@dataclass(frozen=True)
class FoundCaller:
    """One person, partly hidden: (title, value) of each kind, as they gave it each time."""

    values: Sequence[tuple[str, str]]
    requests: Sequence[CallerRequest]


@dataclass(frozen=True)
class CallerSearch:
    """What was found. `more`: there were more than are shown; `refused`: why nothing may be shown.

    `would`: if nobody is shown, titles of the user's other purposes for which someone would be."""

    people: Sequence[FoundCaller]
    more: bool = False
    refused: str = ""
    would: Sequence[str] = ()


def list_purposes(user: User) -> list[tuple[str, str]]:
    """Purposes for which the user may read what callers are called: (id, title)."""
    stated = in_force.policy().purposes.values()
    worked = {work.purpose for work in index.work_lists()}
    able = [each for each in stated if each.id in worked and may(user, READ, each.id)]
    return [(each.id, each.title) for each in able if _kinds(each.id)]


def describe_shown(purposes: Sequence[tuple[str, str]]) -> list[tuple[str, list[str], list[str]]]:
    """What a search for each purpose shows of a caller: its title, titles of kinds, and of those that it may not use.

    Takes   purposes: (id, title)"""
    known = in_force.policy().kinds
    every = kinds_of(in_force.policy(), NAME, COMPANY, PHONE)

    def name(kinds: Sequence[str]) -> list[str]:
        return [in_sentence(known[kind].title) for kind in kinds]

    shown = [(title, _kinds(id)) for id, title in purposes]
    return [(title, name(kinds), name([each for each in every if each not in kinds])) for title, kinds in shown]


def search(request: HttpRequest, text: str, *, purpose: str, reason: str) -> CallerSearch:
    """The people who are called so, newest first, at most 20.

    Raises  limits.TooMany: too many searches in an hour."""
    user = user_of(request)
    limits.within_name(_SEARCHES, name=user.username, at_utc=timezone.now())
    people = _find(text)
    chosen = gate.select_these(gate.pack(people[:MOST]), purpose, _kinds(purpose)[0])
    if not len(chosen):
        return CallerSearch(())
    given = gate.grant_selection(chosen, kinds=_kinds(purpose), who=user.who, reason=reason)
    if isinstance(given, gate.BulkRefused):
        return CallerSearch((), refused=refusal_in_words(given.decision.code))
    read = {each.grant.person: each.values for each in gate.read_selection(given)}
    shown = [_describe(together, read, user) for together in _group([each for each in people[:MOST] if read.get(each)])]
    others = [] if shown else [each for each in list_purposes(user) if each[0] != purpose]
    would = list_allowing(people[:MOST], others, _kinds)
    return CallerSearch(shown, more=len(people) > MOST, would=would)


def _find(text: str) -> list[UUID]:
    """By the first way of reading the text that finds someone."""
    if _CASE.fullmatch(text):
        case = Case.objects.filter(number=text.upper()).exclude(person=None).first()
        return [case.asker] if case else []
    for words in _read(text):
        if found := gate.find_called(gate.make_called(words), most=MOST + 1):
            return found
    return []


def _group(found: Sequence[UUID]) -> list[list[UUID]]:
    """Those of one account or address together, in their order: someone is a person of their own for each request."""
    groups: list[list[UUID]] = []
    seen: set[UUID] = set()
    for person in found:
        if person not in seen:
            same = {person, *profile.people_of(person)}
            groups.append([each for each in found if each in same and each not in seen])
            seen |= same
    return groups


def _describe(people: Sequence[UUID], read: Mapping[UUID, Mapping[str, object]], user: User) -> FoundCaller:
    given: dict[str, dict[str, None]] = {}
    for each in people:
        for title, value in _hide(read[each]):
            given.setdefault(title, {})[value] = None
    works = [work for work in index.work_lists() if may(user, READ, work.purpose)]
    return FoundCaller([(title, " · ".join(values)) for title, values in given.items()], list_requests(people, works))


def _read(text: str) -> Iterator[Sequence[str]]:
    if _PHONE.fullmatch(text):
        for ending in list_endings(text):
            yield [ending]
    yield list_words(text, most=_MOST_WORDS)


def _kinds(purpose: str) -> list[str]:
    """What is shown of a caller, as far as the purpose may use it."""
    stated = in_force.policy().purposes[purpose].may_use
    return [kind for kind in kinds_of(in_force.policy(), NAME, COMPANY, PHONE) if kind in stated]


def _hide(values: Mapping[str, object]) -> list[tuple[str, str]]:
    known = in_force.policy().kinds
    return [(known[kind].title, _cover(known[kind], str(value))) for kind, value in values.items()]


def _cover(kind: Kind, value: str) -> str:
    return value if kind.sensitivity == "describing" else TYPES[kind.type].cover(value)


def list_requests(people: Sequence[UUID], works: Iterable[WorkList]) -> list[CallerRequest]:
    """The latest requests of these people on these lists, newest first, at most 5."""
    lists = {work.purpose: work for work in works}
    found = Case.objects.filter(person__in=people, purpose__in=lists).order_by("-received_utc")[:_MOST_REQUESTS]
    return [
        CallerRequest(
            case.number,
            kind_of(case).title,
            _("waiting for the customer") if case.waits_for == Case.PERSON else in_words(case.stage),
            f"{lists[case.purpose].address}{case.number}/",
        )
        for case in found
    ]
