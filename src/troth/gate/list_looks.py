"""Looks at lists: one recorded use of everyone whom a page of a list shows, once for a list and an hour of a session.

Reloading a page or turning to another one reads by the grants that the session keeps; only people who were on none of
its pages are another look. The law is asked again with each reading.
"""

from collections.abc import Callable, Iterable, MutableMapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, TypeVar
from uuid import UUID

from django.utils import timezone

from troth.gate.bulk import BulkGrant, grant_selection
from troth.gate.door import GrantRefused
from troth.gate.packed import pack
from troth.gate.selection import select_these

_MOST_KEPT = 20
_LASTING = timedelta(hours=1)
T = TypeVar("T")


@dataclass(frozen=True)
class ListedPeople:
    """Whom a list shows, and what is to be read of them.   `list`: by which name the session knows what it read."""

    list: str
    purpose: str
    kinds: tuple[str, ...]
    people: frozenset[UUID]
    reason: str


@dataclass(frozen=True)
class _Look:
    """An open use of this session: its grant, the people it covers, and until when."""

    grant: BulkGrant
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


def look_at_lists(
    session: MutableMapping[str, Any],
    asked: Sequence[ListedPeople],
    *,
    place: str,
    who: str,
    read: Callable[[Sequence[BulkGrant]], Iterable[tuple[UUID, T]]],
) -> list[tuple[str, T]]:
    """List and what was read for it, of these lists; nothing of people about whom the law refuses it by now.

    Takes   place: under which the session keeps its looks, list by list
            read: what reads by several grants, each result with the id of its grant
    Cost    1 query while the looks of before cover everyone; 3 more for each list with someone new"""
    looks = {each.list: _find_open(session, place, each) for each in asked}
    needed = [look for each in asked for look in looks[each.list] if look.people & each.people]
    names = {look.grant.id: name for name, found in looks.items() for look in found}
    try:
        results = _read(read, needed, names)
    except GrantRefused:  # the law changed, or the database's hour ended before ours
        looks, results = {}, []
    for each in asked:
        seen = looks.get(each.list, [])
        unread = each.people - frozenset().union(*(look.people for look in seen))
        if unread and (new := _look(each, unread, who)):
            results += _read(read, [new], {new.grant.id: each.list})
            _keep(session, place, each.list, [*seen, new])
    return results


def _read(
    read: Callable[[Sequence[BulkGrant]], Iterable[tuple[UUID, T]]], looks: Sequence[_Look], names: dict[UUID, str]
) -> list[tuple[str, T]]:
    """What the looks open, by the names of their lists.   Raises  GrantRefused"""
    return [(names[id], found) for id, found in read([look.grant for look in looks])] if looks else []


def _look(asked: ListedPeople, people: Iterable[UUID], who: str) -> _Look | None:
    chosen = select_these(pack(people), asked.purpose, asked.kinds[0])
    if not len(chosen):
        return None
    until = timezone.now() + _LASTING
    given = grant_selection(chosen, kinds=asked.kinds, who=who, reason=asked.reason, lasting=_LASTING)
    return _Look(given, frozenset(chosen), until) if isinstance(given, BulkGrant) else None


def _find_open(session: MutableMapping[str, Any], place: str, asked: ListedPeople) -> list[_Look]:
    """The looks of this session at the list that are open, of all its pages."""
    now = timezone.now()
    kept = [each for each in session.get(place, {}).get(asked.list, []) if "until" in each]  # former ones have none
    return [
        _Look(
            BulkGrant(UUID(each["id"]), asked.purpose, asked.kinds, tuple(range(*among) for among in each["among"])),
            frozenset(map(UUID, each["people"])),
            until,
        )
        for each in kept
        if (until := datetime.fromisoformat(each["until"])) > now
    ]


def _keep(session: MutableMapping[str, Any], place: str, name: str, looks: Sequence[_Look]) -> None:
    session[place] = {**session.get(place, {}), name: [each.keep() for each in looks[-_MOST_KEPT:]]}
