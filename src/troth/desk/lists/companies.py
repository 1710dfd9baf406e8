"""The companies of lists, where the policy lets the reader see them: one recorded use for all, once an hour.

Each person's history says so once for a list and an hour of a session; reloading or refreshing writes nothing.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol
from uuid import UUID

from django.http import HttpRequest
from django.utils.translation import gettext as _

from troth import gate, in_force
from troth.collection.forms.types import kinds_of
from troth.collection.forms.types.texts import COMPANY
from troth.desk.staff import READ, may, user_of
from troth.wording import Words

_READ = "companies read"


class NamingList(Protocol):
    """A list whose requests are shown with their companies. The session knows by `name` what it read for it."""

    @property
    def name(self) -> str: ...

    @property
    def purpose(self) -> str: ...

    @property
    def title(self) -> Words: ...


def show_companies(http: HttpRequest, rows: Sequence[tuple[NamingList, Any]]) -> None:
    """Sets each request's `company_shown`, as `read_companies` finds it; empty where there is none."""
    companies = read_companies(http, rows)
    for _work, row in rows:
        row.company_shown = companies.get(row.pk, "")


def read_companies(http: HttpRequest, rows: Iterable[tuple[NamingList, Any]]) -> Mapping[UUID, str]:
    """Request → company, of requests on these lists; none of a list whose purpose doesn't let this user see companies.

    Cost    1 query while the looks of before cover everyone; 3 more for each list with someone new"""
    asked = list(_list_asked(http, rows))
    found = {(name, person): company for name, (person, company) in _look(http, asked)}
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


def _look(http: HttpRequest, asked: Iterable[_Asked]) -> list[tuple[str, tuple[UUID, str]]]:
    """List, and person with company."""
    wanted = [
        gate.ListedPeople(
            each.work.name,
            each.work.purpose,
            (each.kind,),
            frozenset(each.people),
            _("to work on the list “%(list)s”") % {"list": each.work.title},
        )
        for each in asked
    ]
    if not wanted:
        return []
    return gate.look_at_lists(http.session, wanted, place=_READ, who=user_of(http).who, read=_read)


def _read(grants: Sequence[gate.BulkGrant]) -> Iterator[tuple[UUID, tuple[UUID, str]]]:
    """Grant, and person with company.   Raises  gate.GrantRefused"""
    for given in gate.read_selection(*grants):
        if given.values:
            yield given.grant.id, (given.grant.person, next(iter(given.values.values())))
