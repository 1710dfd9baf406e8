"""The companies of lists, where the policy lets the reader see them: one recorded use for all, once an hour.

Each person's history says so once for a list and an hour of a session; reloading or refreshing writes nothing.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Protocol
from uuid import UUID

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from troth import gate, in_force
from troth.collection.forms.types import kinds_of
from troth.collection.forms.types.texts import COMPANY
from troth.desk.staff import READ, may, user_of
from troth.wording import Words

_READ, _MOST_KEPT = "companies read", 20
_LASTING = timedelta(hours=1)


class NamingList(Protocol):
    """A list whose requests are shown with their companies. The session knows by `name` what it read for it."""

    @property
    def name(self) -> str: ...

    @property
    def purpose(self) -> str: ...

    @property
    def title(self) -> Words: ...


@dataclass(frozen=True)
class Look:
    """An open use of this session: of which list, its grant, the people it covers, and until when."""

    work: str
    grant: gate.BulkGrant
    people: frozenset[UUID]
    until_utc: datetime

    def keep(self) -> dict[str, object]:
        people = sorted(str(each) for each in self.people)
        return {
            "id": str(self.grant.id),
            "among": [[each.start, each.stop] for each in self.grant.ordinals],
            "people": people,
            "until": self.until_utc.isoformat(),
        }


def show_companies(http: HttpRequest, rows: Sequence[tuple[NamingList, Any]]) -> None:
    """Sets each request's `company_shown`, as `read_companies` finds it; empty where there is none."""
    companies = read_companies(http, rows)
    for _work, row in rows:
        row.company_shown = companies.get(row.pk, "")


def read_companies(http: HttpRequest, rows: Iterable[tuple[NamingList, Any]]) -> Mapping[UUID, str]:
    """Request → company, of requests on these lists; none of a list whose purpose doesn't let this user see companies.

    Cost    1 query while the looks of before cover everyone; 3 more for each list with someone new"""
    asked = list(_list_asked(http, rows))
    looks = {each.work.name: _find_open(http, each) for each in asked}
    try:
        found = _read(look for each in asked for look in looks[each.work.name] if look.people & each.people.keys())
    except gate.GrantRefused:  # the law changed, or the database's hour ended before ours
        looks, found = {}, {}
    for each in asked:
        seen = looks.get(each.work.name, [])
        unread = each.people.keys() - frozenset().union(*(look.people for look in seen))
        if unread and (new := _look(http, unread, each)):
            found |= _read([new])
            _keep(http, [*seen, new])
    named = {
        request: found.get((each.work.name, person))
        for each in asked
        for person, requests in each.people.items()
        for request in requests
    }
    return {request: company for request, company in named.items() if company}


@dataclass(frozen=True)
class _Asked:
    """A list whose companies the user may see: person → their requests of it that are shown."""

    work: NamingList
    kind: str
    people: Mapping[UUID, Sequence[UUID]]


def _list_asked(http: HttpRequest, rows: Iterable[tuple[NamingList, Any]]) -> Iterator[_Asked]:
    shown: dict[str, tuple[NamingList, dict[UUID, list[UUID]]]] = {}
    for work, row in rows:
        if row.person_id:
            shown.setdefault(work.name, (work, {}))[1].setdefault(row.person_id, []).append(row.pk)
    for work, people in shown.values():
        kind = _find_kind(work.purpose)
        if kind and may(user_of(http), READ, work.purpose):
            yield _Asked(work, kind, people)


def _find_kind(purpose: str) -> str:
    """The kind that names a company, if the purpose may use one."""
    policy = in_force.policy()
    stated = policy.purposes.get(purpose)
    return next((kind for kind in kinds_of(policy, COMPANY) if stated and kind in stated.may_use), "")


def _look(http: HttpRequest, people: Iterable[UUID], asked: _Asked) -> Look | None:
    chosen = gate.select_these(gate.pack(people), asked.work.purpose, asked.kind)
    if not len(chosen):
        return None
    until, who = timezone.now() + _LASTING, user_of(http).who
    reason = _("to work on the list “%(list)s”") % {"list": asked.work.title}
    given = gate.grant_selection(chosen, kinds=[asked.kind], who=who, reason=reason, lasting=_LASTING)
    return Look(asked.work.name, given, frozenset(chosen), until) if isinstance(given, gate.BulkGrant) else None


def _find_open(http: HttpRequest, asked: _Asked) -> list[Look]:
    """The looks of this session at the list that are open, of all its pages."""
    work, now = asked.work, timezone.now()
    kept = [each for each in http.session.get(_READ, {}).get(work.name, []) if "until" in each]  # former ones have none
    return [
        Look(
            work.name,
            gate.BulkGrant(
                UUID(each["id"]), work.purpose, (asked.kind,), tuple(range(*among) for among in each["among"])
            ),
            frozenset(map(UUID, each["people"])),
            until,
        )
        for each in kept
        if (until := datetime.fromisoformat(each["until"])) > now
    ]


def _keep(http: HttpRequest, looks: Sequence[Look]) -> None:
    kept = [each.keep() for each in looks[-_MOST_KEPT:]]
    http.session[_READ] = {**http.session.get(_READ, {}), looks[0].work: kept}


def _read(looks: Iterable[Look]) -> dict[tuple[str, UUID], str]:
    """List and person → company.   Raises  gate.GrantRefused"""
    opened = {look.grant.id: look for look in looks}
    return {
        (opened[given.grant.id].work, given.grant.person): next(iter(given.values.values()))
        for given in gate.read_selection(*(look.grant for look in opened.values()))
        if given.values
    }
