"""Whom of a topic's readers an issue is for, in the segment language of all pages: typed, read, and in words."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _

from troth import gate, in_force
from troth.collection.forms.places import countries
from troth.collection.forms.types import TYPES
from troth.collection.forms.types.lists import CHOICE, EDITION, PRODUCT
from troth.collection.forms.types.places import COUNTRY
from troth.policy.terms import Kind
from troth.site import site
from troth.text import CannotRead, line
from troth.uses.newsletter.mailings import Mailing
from troth.uses.newsletter.topics import UPDATES
from troth.words.values import in_words

Part = Mapping[str, Any]
INSTALLATION, MAINTENANCE = "installation", "maintenance"
ONLY, EXCEPT = "only", "except"
_MOST_OF_A_VERSION, _MOST_LISTED = 40, 4


@dataclass(frozen=True)
class Selectable:
    """A kind by which readers can be chosen: its options, and those that are chosen, or `excluded`."""

    kind: str
    title: str
    options: Sequence[tuple[str, str]]
    chosen: Sequence[str]
    excluded: bool

    @property
    def field(self) -> str:
        """The name of its checkboxes."""
        return f"is-{self.kind}"


@dataclass(frozen=True)
class TypedSegment:
    """The conditions as they were typed; `errors`: field → sentence."""

    parts: tuple[Part, ...]
    errors: Mapping[str, str]


def list_selectable(mailing: Mailing, parts: Sequence[Part]) -> list[Selectable]:
    """What the policy lets this purpose use and lists the values of."""
    policy = in_force.policy()
    own = {"news", "product"} if mailing.purpose == UPDATES else {"news"}
    kinds = [policy.kinds[kind] for kind in policy.purposes[mailing.purpose].may_use if kind not in own]
    found = [(kind, _list_options(kind)) for kind in kinds if kind.sensitivity == "describing"]
    return [_make_selectable(kind, options, parts) for kind, options in found if options]


def read(sent: QueryDict, mailing: Mailing, topic: str) -> TypedSegment:
    """The conditions that were chosen. One that is no longer offered is an error: without it, more get the issue."""
    parts: list[Part] = []
    errors: dict[str, str] = {}
    for each in list_selectable(mailing, ()):
        if chosen := sent.getlist(each.field):
            if not dict(each.options).keys() >= set(chosen):
                gone = _("%(kind)s: part of what you chose is no longer offered. Check whom this is for.")
                errors[each.field] = gone % {"kind": each.title}
            part, how = {"kind": each.kind, "is": chosen}, sent.get(f"how-{each.kind}", ONLY)
            if how not in (ONLY, EXCEPT):
                errors[each.field] = _("%(kind)s: choose “Only these” or “All except these”.") % {"kind": each.title}
            parts.append({"not": part} if how == EXCEPT else part)
    limits = {name: _read_version(sent, name, errors) for name in ("at_least", "below")}
    if any(limits.values()):
        parts.append(
            {"kind": INSTALLATION, "product": topic} | {name: limit for name, limit in limits.items() if limit}
        )
    return TypedSegment(tuple(parts), errors)


def parts_of(stored: Any) -> tuple[Part, ...]:
    """The conditions of a stored segment."""
    if not stored:
        return ()
    return tuple(stored["all"]) if "all" in stored else (stored,)


def limits_of(parts: Sequence[Part]) -> Mapping[str, str]:
    """The versions between which a notice is for."""
    found = next((part for part in parts if part.get("kind") == INSTALLATION), {})
    return {name: found.get(name, "") for name in ("at_least", "below")}


def store(parts: Sequence[Part]) -> Any:
    return {"all": list(parts)} if parts else None


def list_steps(
    mailing: Mailing, topic: str, parts: Sequence[Part], *, covered: bool, at_utc: datetime
) -> list[tuple[str, gate.Segment]]:
    """The conditions one after the other, each in words with the segment of all up to it."""
    own = list(_list_own(mailing, topic, covered=covered, at_utc=at_utc))
    every = [*own, *((_say(part), part) for part in parts)]
    return [
        (words, gate.all_of(*(gate.from_json(part) for _words, part in every[: number + 1])))
        for number, (words, _part) in enumerate(every)
    ]


def describe(mailing: Mailing, topic: str, parts: Sequence[Part], *, covered: bool) -> list[str]:
    """Whom an email is for, in words, condition by condition."""
    titles = {each.id: each.title for each in mailing.topics()}
    found = [str(titles[topic])] if topic in titles else []
    if covered:
        found.append(_("maintenance covers it"))
    return [*found, *map(_describe, parts)]


def _describe(part: Part) -> str:
    if "product" not in part:
        said = part.get("not", part)
        return _join(said, without="not" in part)
    limits = {name: part.get(name, "") for name in ("at_least", "below")}
    if all(limits.values()):
        return _("releases from %(at_least)s to below %(below)s") % limits
    return (_("releases from %(at_least)s") if limits["at_least"] else _("releases below %(below)s")) % limits


def _list_own(mailing: Mailing, topic: str, *, covered: bool, at_utc: datetime) -> Iterator[tuple[str, Part]]:
    """A notice is for those who have the product, and one about an upgrade for those whose maintenance covers it."""
    if mailing.purpose != UPDATES:
        return
    yield _("We hold no such product of theirs anymore"), {"kind": "product", "is": [topic]}
    if covered:
        today = f"{at_utc.astimezone(site().brand.zone):%Y.%m.%d}"
        yield (
            _("Their maintenance doesn’t cover it, so it would be marketing"),
            {"kind": MAINTENANCE, "product": topic, "at_least": today},
        )


def _say(part: Part) -> str:
    """Why someone is left out by this condition."""
    if "product" in part:
        return _("Another release, or none that we know")
    return _join(part.get("not", part), without="not" not in part)


def _join(said: Part, *, without: bool) -> str:
    """A kind and values: "Industry: Food, Chemicals".   Takes  without: whether these are the values left out"""
    kind = in_force.policy().kinds[said["kind"]]
    listed = [in_words(kind, value) for value in said["is"][:_MOST_LISTED]]
    if len(said["is"]) > _MOST_LISTED:
        listed.append("…")
    values = {"kind": kind.title, "values": ", ".join(listed)}
    return (_("%(kind)s: not %(values)s") if without else _("%(kind)s: %(values)s")) % values


def _make_selectable(kind: Kind, options: Sequence[tuple[str, str]], parts: Sequence[Part]) -> Selectable:
    """Its options, also one that was chosen and is no longer offered: it is seen before it is saved."""
    chosen, excluded = _list_chosen(parts, kind.id)
    gone = [(value, in_words(kind, value)) for value in chosen if value not in dict(options)]
    return Selectable(kind.id, kind.title, [*options, *gone], chosen, excluded)


def _list_chosen(parts: Sequence[Part], kind: str) -> tuple[Sequence[str], bool]:
    """The chosen values of this kind, and whether they are left out."""
    said = ((part.get("not", part), "not" in part) for part in parts)
    return next(
        ((each["is"], excluded) for each, excluded in said if each["kind"] == kind and "is" in each), ((), False)
    )


def _list_options(kind: Kind) -> Sequence[tuple[str, str]]:
    match TYPES[kind.type]:
        case found if found is CHOICE:
            return [(value, in_words(kind, value)) for value in kind.values]
        case found if found is COUNTRY:
            return countries()
        case found if found is PRODUCT:
            return site().offer_products()
        case found if found is EDITION:
            return site().offer_editions()
    return ()


def _read_version(sent: QueryDict, name: str, errors: dict[str, str]) -> str:
    try:
        typed = line(sent.get(name, ""), most=_MOST_OF_A_VERSION)
        if typed:
            gate.from_json({"kind": INSTALLATION, "product": "any", name: typed})
    except (CannotRead, gate.SegmentRefused):
        errors[name] = _("Enter the release as numbers with dots, such as 12.4.0.")
        return ""
    return typed
