"""The first half of routing.yaml: territories, and the salespeople, distributors and consultants."""

import re
from collections.abc import Mapping
from types import MappingProxyType

from troth.policy.fields import Fields, Reference
from troth.policy.source import Node

from .reading import email, number
from .terms import RecipientKind, RoutingRecipient, Territory, ZipRange
from .territory import is_country, is_state, zip_exists

GROUPS: Mapping[str, RecipientKind] = MappingProxyType(
    {
        "salespeople": "staff.sales",
        "distributors": "distributor",
        "consultants": "consultant",
    }
)
_ZIPS = "zip range"
_RANGE = re.compile(r"(\d{5})(?:\s*-\s*(\d{5}))?", re.ASCII)


def read_group(fields: Fields, group: str, seen: dict[str, str]) -> Mapping[str, RoutingRecipient]:
    """The recipients of one group by key; a key is one recipient in all groups."""
    people = fields.mapping(group)
    found = {}
    for key, node in people.items():
        name = key.text or ""
        if seen.setdefault(name, group) != group:
            fields.report.add("duplicate-slug", key, what="recipient", slug=name, where=seen[name])
        elif one := _fields(people, key, node):
            found[name] = _read_recipient(one, name, GROUPS[group])
    return MappingProxyType(found)


def _fields(parent: Fields, key: Node, node: Node) -> Fields | None:
    if node.pairs is None:
        parent.wrong_shape(key.text or "", node, "a mapping")
        return None
    return Fields(node, key.text or "", parent.report, parent.gathered)


def _read_recipient(fields: Fields, key: str, kind: RecipientKind) -> RoutingRecipient:
    fields.only(("name", "organization", "email", "place", "address", "weight", "capacity"))
    name = fields.text("name")
    return RoutingRecipient(
        key=key,
        kind=kind,
        name=name,
        organization=fields.text("organization", default=name),
        email=email(fields, "email"),
        place=fields.text("place", default=""),
        weight=number(fields, "weight", least=1, default=1),
        capacity=number(fields, "capacity", least=1, default=1) if fields.has("capacity") else None,
        address=fields.text("address", default=""),
    )


def read_fallback(fields: Fields) -> RoutingRecipient:
    """The queue for requests that no rule can assign: our own team, never a partner."""
    if not fields.has("fallback"):
        fields.report.add("no-fallback", fields.node)
        return RoutingRecipient("fallback", "staff.sales", "", "", "", "", 1, None)
    queue = fields.mapping("fallback")
    queue.only(("name", "organization", "email"))
    name = queue.text("name")
    return RoutingRecipient(
        "fallback",
        "staff.sales",
        name,
        queue.text("organization", default=name),
        email(queue, "email"),
        "",
        1,
        None,
    )


def read_territories(fields: Fields) -> Mapping[str, Territory]:
    places = fields.mapping("territories")
    found = {}
    for key, node in places.items():
        if one := _fields(places, key, node):
            found[key.text or ""] = _read_territory(one, key)
    return MappingProxyType(found)


def _read_territory(fields: Fields, key: Node) -> Territory:
    fields.only(("title", "countries", "states", "zips"))
    territory = Territory(
        key=key.text or "",
        title=fields.text("title"),
        countries=_codes(fields, "countries"),
        states=_codes(fields, "states"),
        zips=tuple(zips for node in fields.nodes("zips") if (zips := _range(fields, node))),
    )
    if not any(fields.nodes(name) for name in ("countries", "states", "zips")):
        fields.report.add("empty-territory", key, territory=territory.key)
    return territory


def _codes(fields: Fields, name: str) -> frozenset[str]:
    for node in fields.nodes(name):
        code = node.text or ""
        if name == "countries" and not is_country(code):
            fields.report.add("unknown-country", node, country=code)
        if name == "states" and not is_state(code):
            fields.report.add("unknown-state", node, state=code)
    return frozenset(fields.texts(name))


def _range(fields: Fields, node: Node) -> ZipRange | None:
    match = _RANGE.fullmatch(node.text or "")
    first, last = (match[1], match[2] or match[1]) if match else ("", "")
    if not match or first > last:
        fields.report.add("bad-zip-range", node, range=node.text)
        return None
    fields.gathered.references.append(Reference(_ZIPS, f"{first}-{last}", node, fields.name))
    return ZipRange(first, last)


def check_zips(fields: Fields) -> None:
    """Finds ranges of which the Post Office uses no code, of what was read.

    Checking a site asks, serving it doesn't: the codes take half a second to load."""
    for one in fields.gathered.references:
        if one.type == _ZIPS and not zip_exists(*one.id.split("-")):
            fields.report.add("empty-zip-range", one.node, range=one.node.text)
