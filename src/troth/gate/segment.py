"""Segments: which people, selected by describing kinds. Pages, emails, counts and previews all use them.

    all_of(has("industry", "food", "coatings"), any_of(has("role", "planner"), has("product", "optipro-process")))
    installed("installation", "optipro-process", at_least="10.0", below="10.2.3")     values like optipro-process@10.1

The same as JSON, for files and forms: {"all": [{"kind": "industry", "is": ["food", "coatings"]}, {"any": […]}]}.
Without those who work in food: exclude(has("industry", "food")), or {"not": {"kind": "industry", "is": ["food"]}}.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from troth.policy import Policy


class SegmentRefused(Exception):
    """The segment uses a kind that its purpose may not use, or that is encrypted."""


@dataclass(frozen=True)
class Has:
    kind: str
    values: tuple[str, ...]


@dataclass(frozen=True)
class Installed:
    """A kind whose values are product@version: at least one version (empty: any) and below another (empty: none)."""

    kind: str
    product: str
    at_least: str = ""
    below: str = ""


@dataclass(frozen=True)
class AllOf:
    parts: tuple["Segment", ...]


@dataclass(frozen=True)
class AnyOf:
    parts: tuple["Segment", ...]


@dataclass(frozen=True)
class Except:
    """All of whom the part isn't true: also those of whom nothing is known that the purpose may use."""

    part: "Segment"


Segment = Has | Installed | AllOf | AnyOf | Except


def has(kind: str, *values: str) -> Has:
    return Has(kind, values)


def is_installed(kind: str, product: str, *, at_least: str = "", below: str = "") -> Installed:
    return Installed(kind, product, at_least, below)


def all_of(*parts: Segment) -> AllOf:
    return AllOf(parts)


def any_of(*parts: Segment) -> AnyOf:
    return AnyOf(parts)


def exclude(part: Segment) -> Segment:
    return Except(part)


def as_json(segment: Segment) -> dict[str, Any]:
    """The segment as the database's function reads it."""
    match segment:
        case Has(kind, values):
            return {"kind": kind, "is": list(values)}
        case Installed(kind, product, at_least, below):
            limits = {"at_least": at_least, "below": below}
            return {"kind": kind, "product": product} | {key: limit for key, limit in limits.items() if limit}
        case AllOf(parts):
            return {"all": [as_json(part) for part in parts]}
        case AnyOf(parts):
            return {"any": [as_json(part) for part in parts]}
        case Except(part):
            return {"not": as_json(part)}


def from_json(given: object) -> Segment:
    """The segment from a file or form. Raises SegmentRefused with what is wrong and what to write instead."""
    match given:
        case {"all": list(parts), **rest} if not rest:
            return AllOf(tuple(from_json(part) for part in parts))
        case {"any": list(parts), **rest} if not rest:
            return AnyOf(tuple(from_json(part) for part in parts))
        case {"not": dict(part), **rest} if not rest:
            return Except(from_json(part))
        case {"kind": str(kind), "is": list(values), **rest} if not rest and all(isinstance(it, str) for it in values):
            return Has(kind, tuple(values))
        case {"kind": str(kind), "product": str(product), **limits} if limits.keys() <= {"at_least", "below"}:
            return Installed(kind, product, **{str(key): _version(limit) for key, limit in limits.items()})
    raise SegmentRefused(
        f"“{given}” is no segment. Write a kind with its values, e.g. kind: industry, is: [food]; a product with its "
        "versions, e.g. kind: installation, product: optipro-process, below: 10.2; "
        "a list of them under all or any; or one of these under not."
    )


_VERSION = re.compile(r"[0-9]{1,9}(\.[0-9]{1,9}){0,5}", re.ASCII)


def _version(limit: object) -> str:
    if not _VERSION.fullmatch(str(limit)):
        raise SegmentRefused(f"“{limit}” is no version. Write numbers with points between them, e.g. 10.2.3.")
    return str(limit)


def check(segment: Segment, purpose: str, policy: Policy) -> None:
    """Nothing, if the purpose may select by every kind of the segment. Raises SegmentRefused."""
    rule = policy.purposes.get(purpose)
    for kind in _kinds(segment):
        if rule is None or kind not in rule.may_use:
            raise SegmentRefused(f"The policy does not let {purpose} use {kind}, so it cannot choose people by it.")
        if policy.kinds[kind].sensitivity != "describing":
            raise SegmentRefused(f"{policy.kinds[kind].title} is sealed and never selects people.")
    for limit in _limits(segment):
        _version(limit)


def _kinds(segment: Segment) -> Iterator[str]:
    match segment:
        case Has(kind) | Installed(kind):
            yield kind
        case AllOf(parts) | AnyOf(parts):
            for part in parts:
                yield from _kinds(part)
        case Except(part):
            yield from _kinds(part)


def _limits(segment: Segment) -> Iterator[str]:
    match segment:
        case Installed(_, _, at_least, below):
            yield from (limit for limit in (at_least, below) if limit)
        case AllOf(parts) | AnyOf(parts):
            for part in parts:
                yield from _limits(part)
        case Except(part):
            yield from _limits(part)
