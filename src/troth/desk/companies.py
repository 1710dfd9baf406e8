"""The companies of a list, where the policy lets the reader see them: one recorded use for all, once an hour.

Each person's history says so once for a list and an hour of a session; reloading or refreshing writes nothing.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

from django.http import HttpRequest
from django.utils.translation import gettext as _

from troth import gate, in_force
from troth.collection.forms.types import kinds_of
from troth.collection.forms.types.texts import COMPANY
from troth.desk.acts import Words
from troth.desk.staff import READ, may, user_of

_READ, _MOST_KEPT = "companies read", 20


@dataclass(frozen=True)
class Look:
    """An open use of this session: its grant and the people it covers."""

    grant: gate.BulkGrant
    people: frozenset[UUID]

    def keep(self) -> dict[str, object]:
        people = sorted(str(each) for each in self.people)
        return {
            "id": str(self.grant.id),
            "among": [[each.start, each.stop] for each in self.grant.ordinals],
            "people": people,
        }


def read_companies(
    http: HttpRequest, people: Iterable[UUID], *, purpose: str, name: str, title: Words
) -> Mapping[UUID, str]:
    """Person → company; nobody where the policy doesn't name this role, or doesn't let the purpose use companies.

    Takes   name: of the list, by which the session knows what it read; title: what the history calls it."""
    kind = _find_kind(purpose)
    if not kind or not may(user_of(http), READ, purpose):
        return {}
    wanted, looks = set(people), list[Look]()
    found = dict[UUID, str]()
    for look in _looks(http, name, purpose, kind):
        # A look is opened again only if it covers someone of this page: each reading is a query.
        if look.people & wanted and (read := _read(look)) is not None:
            found |= read
            looks.append(look)
    unread = wanted.difference(*(look.people for look in looks))
    if unread and (new := _look(http, unread, kind, purpose=purpose, title=title)):
        found |= _read(new) or {}
        looks.append(new)
        http.session[_READ] = {**http.session.get(_READ, {}), name: [each.keep() for each in looks[-_MOST_KEPT:]]}
    # A look covers the people of other pages, too.
    return {person: company for person, company in found.items() if person in wanted}


def _find_kind(purpose: str) -> str:
    """The kind that names a company, if the purpose may use one."""
    policy = in_force.policy()
    stated = policy.purposes.get(purpose)
    return next((kind for kind in kinds_of(policy, COMPANY) if stated and kind in stated.may_use), "")


def _look(http: HttpRequest, people: Iterable[UUID], kind: str, *, purpose: str, title: Words) -> Look | None:
    chosen = gate.select_these(people, purpose, kind)
    if not len(chosen):
        return None
    reason = _("to work on the list “%(list)s”") % {"list": title}
    given = gate.grant_selection(chosen, kinds=[kind], who=f"staff:{user_of(http).username}", reason=reason)
    return Look(given, frozenset(chosen)) if isinstance(given, gate.BulkGrant) else None


def _looks(http: HttpRequest, name: str, purpose: str, kind: str) -> list[Look]:
    kept = http.session.get(_READ, {}).get(name, [])
    return [
        Look(
            gate.BulkGrant(UUID(each["id"]), purpose, (kind,), tuple(range(*among) for among in each["among"])),
            frozenset(map(UUID, each["people"])),
        )
        for each in kept
        if "among" in each  # a session of the release before has none
    ]


def _read(look: Look) -> dict[UUID, str] | None:
    """The companies that the grant allows; none once it has expired."""
    try:
        return {
            given.grant.person: next(iter(given.values.values()))
            for given in gate.read_selection(look.grant)
            if given.values
        }
    except gate.GrantRefused:
        return None
