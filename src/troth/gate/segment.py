"""Segments: which people, said over describing kinds. One language for pages, letters, counts and previews.

all_of(has("industry", "food", "coatings"), any_of(has("role", "planner"), has("product", "optipro-process")))
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from troth.policy import Policy


class SegmentRefused(Exception):
    """The segment asks for a kind that its purpose may not use, or that is sealed."""


@dataclass(frozen=True)
class Has:
    kind: str
    values: tuple[str, ...]


@dataclass(frozen=True)
class AllOf:
    parts: tuple["Segment", ...]


@dataclass(frozen=True)
class AnyOf:
    parts: tuple["Segment", ...]


Segment = Has | AllOf | AnyOf


def has(kind: str, *values: str) -> Has:
    return Has(kind, values)


def all_of(*parts: Segment) -> AllOf:
    return AllOf(parts)


def any_of(*parts: Segment) -> AnyOf:
    return AnyOf(parts)


def as_json(segment: Segment) -> dict[str, Any]:
    """The segment as the database's function reads it."""
    match segment:
        case Has(kind, values):
            return {"kind": kind, "is": list(values)}
        case AllOf(parts):
            return {"all": [as_json(part) for part in parts]}
        case AnyOf(parts):
            return {"any": [as_json(part) for part in parts]}


def check(segment: Segment, purpose: str, policy: Policy) -> None:
    """Nothing, if the purpose may select by every kind of the segment. Raises SegmentRefused."""
    rule = policy.purposes.get(purpose)
    for kind in _kinds(segment):
        if rule is None or kind not in rule.may_use:
            raise SegmentRefused(f"The policy does not let {purpose} use {kind}, so it cannot choose people by it.")
        if policy.kinds[kind].sensitivity != "describing":
            raise SegmentRefused(f"{policy.kinds[kind].title} is sealed and never selects people.")


def _kinds(segment: Segment) -> Iterator[str]:
    match segment:
        case Has(kind):
            yield kind
        case AllOf(parts) | AnyOf(parts):
            for part in parts:
                yield from _kinds(part)
