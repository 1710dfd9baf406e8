"""A version as its email says it: each question, what was stated then, what is new, and what else changes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from django.utils.translation import get_language, gettext

from troth import in_force
from troth.policy import Change, Law, Purpose, diff
from troth.policy.meaning import parts_of

MOST_CHANGES = 12
"""More changes than these are on the page that the email leads to."""


@dataclass(frozen=True)
class AskedUse:
    """One question in words. `then`: what was stated before, empty where nothing was; `now`: the new sentence.

    `places`: the ways of collecting from which the purpose would newly use data, where it is not new as a whole."""

    question: str
    title: str
    kinds: tuple[str, ...]
    then: str
    now: str
    section: str
    places: tuple[str, ...] = ()


@dataclass(frozen=True)
class ToldUse:
    """A new use of which someone is notified without being asked: it stays off until they turn it on themselves.

    `new`: its purpose is new as well."""

    title: str
    now: str
    new: bool


def content_of(facts: Mapping[str, Any]) -> Mapping[str, object]:
    """What the emails of a version read, made once for all with the same questions and the same adopted texts."""
    if withdrawn := facts.get("withdrawn"):
        return {"version": int(facts["version"]), "effective": date.fromisoformat(withdrawn), "withdrawn": True}
    announced = in_force.find_announced()
    return _content(
        tuple(policy.sha256 for policy in in_force.coming().versions.values()),
        int(facts["version"]),
        int(facts["since"]),
        str(facts.get("asks", "")),
        str(facts.get("told", "")),
        announced is not None and announced.policy.version == int(facts["version"]),
        get_language() or "",
    )


def describe_question(law: Law, name: str) -> AskedUse | None:
    """The question of a version, of the law as it is now; None where the purpose is gone."""
    purpose = law.policy.purposes.get(parts_of(name)[0])
    if purpose is None:
        return None
    version = int(name.partition("@")[2] or law.current)
    former = law.versions[version - 1].purposes.get(purpose.id) if version - 1 in law.versions else None
    new = _list_new(law, purpose, version)
    kinds = dict.fromkeys(kind for kind, _place in new)
    return AskedUse(
        name,
        purpose.title,
        tuple(law.policy.kinds[kind].title for kind in kinds),
        former.quotation if former else "",
        purpose.quotation,
        purpose.section,
        _title_places(law, former, new) if former else (),
    )


def _title_places(law: Law, former: Purpose, new: Sequence[tuple[str, str]]) -> tuple[str, ...]:
    """Those of which the purpose used nothing before. Of a place that it knew, the new kind itself says it."""
    places = (place for _kind, place in new if place not in former.collected_by)
    found = (law.policy.collects.get(place) for place in places)
    return tuple(dict.fromkeys(each.title for each in found if each))


def list_changes(law: Law, *, since: int) -> list[Change]:
    """What changed materially since that version, the questions left out."""
    old, new = law.versions[since], law.policy
    earlier = [law.versions[number] for number in sorted(law.versions) if number < since]
    return [each for each in diff(old, new, earlier=earlier, say=gettext) if each.class_ not in ("ask", "wording")]


def _list_new(law: Law, purpose: Purpose, version: int) -> Sequence[tuple[str, str]]:
    return [
        (kind, place)
        for kind in purpose.may_use
        for place in purpose.collected_by
        if law.find_introduction(purpose.id, kind, place) == version and _was_collected(law, kind, place, version)
    ]


def _was_collected(law: Law, kind: str, place: str, version: int) -> bool:
    """Whether an earlier version collected the kind there: nothing else can be held already."""
    before = (policy.collects.get(place) for number, policy in law.versions.items() if number < version)
    return any(ask.kind == kind for each in before if each for ask in each.asks)


@lru_cache(maxsize=64)
def _content(
    _texts: tuple[str, ...], version: int, since: int, asks: str, told: str, coming: bool, _language: str
) -> Mapping[str, object]:
    return describe(in_force.coming(), version, since, asks, told, coming=coming)


def describe(law: Law, version: int, since: int, asks: str, told: str, *, coming: bool) -> Mapping[str, object]:
    """The content of a version's email by this law, which may have a draft as its current version.

    `coming`: it is announced, and takes effect on its date."""
    asked = [describe_question(law, name) for name in filter(None, asks.split(","))]
    changes = list_changes(law, since=since)
    return {
        "version": version,
        "effective": law.versions[version].effective,
        "coming": coming,
        "questions": [each for each in asked if each],
        "told": [_tell(law, id, since=since) for id in filter(None, told.split(",")) if id in law.policy.purposes],
        "changes": changes[:MOST_CHANGES],
        "more": max(0, len(changes) - MOST_CHANGES),
        "difference": f"/policy/{since}..{version}",
    }


def _tell(law: Law, id: str, *, since: int) -> ToldUse:
    purpose = law.policy.purposes[id]
    return ToldUse(purpose.title, purpose.quotation, new=id not in law.versions[since].purposes)
