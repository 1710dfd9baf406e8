"""Named people and small policies that tests share."""

import functools
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from uuid import UUID

from troth.policy import confirm
from troth.records.keeping import KeptRequest, Provenance, keep

ALICE = {"name": "Alice Marchetti", "email": "alice@haldenvalve.example", "industry": "valves", "phone": "+15595550142"}
BOB = {"name": "Bob Ferreira", "email": "bob@northgate.example", "industry": "food"}
CHARLIE = {"name": "Charlie Stranger", "email": "charlie@elsewhere.example", "industry": "coatings"}
"""Charlie must see nothing of the others."""

_HEAD = """---
organization: Halden Software, Inc.
short name: Halden
privacy email: privacy@halden.example
postal address: ["Attn: Data Privacy Officer", "1 Mill Road", "Fresno, CA 93650"]
language: en
version: {version}
effective: 2026-{version:02d}-01
cookie switch: none
---
# Privacy policy
"""


def policy_text(version: int, *, purposes: Mapping[str, Mapping[str, object]]) -> str:
    """A small policy with kinds email, name, industry, phone; channels form.quote, form.register; the given purposes.

    Takes   purpose id → its rule's fields beyond title, dpv and recipients."""
    parts = [
        _HEAD.format(version=version),
        _section("kinds", "Kinds", _KINDS),
        _section("ways", "Ways in", _WAYS),
        _section("others", "Others", _OTHERS),
    ]
    for id, fields in {"service": _SERVICE, **purposes}.items():
        lines = [f"purpose: {id}", f"title: The purpose {id}", "dpv: CustomerCare"]
        lines += [f"{key}: {_yaml(value)}" for key, value in fields.items()]
        parts.append(_section(f"P-{id}", f"About {id}", ["\n".join(lines)]))
    return _confirm("\n".join(parts))


_confirm = functools.cache(confirm)
"""Hundreds of tests ask for the same few policies."""


def known_person(values: Mapping[str, str], *, channel: str = "form.quote", version: int = 1) -> UUID:
    return kept(values, channel=channel, version=version).person


def kept(
    values: Mapping[str, str],
    *,
    channel: str = "form.quote",
    version: int = 1,
    person: UUID | None = None,
    cause: UUID | None = None,
) -> KeptRequest:
    provenance = Provenance(channel, version, datetime.now(UTC), "typed by the person")
    return keep(values=values, provenance=provenance, person=person, cause=cause)


_KINDS = [
    f"kind: {id}\ntitle: {id.capitalize()}\ntype: {type}\nclass: {sensitivity}\ndpv: {dpv}\n"
    "kept: {for: 24 months, after: last contact}"
    for id, type, sensitivity, dpv in [
        ("email", "email", "identifying", "EmailAddress"),
        ("name", "text", "identifying", "Name"),
        ("phone", "phone", "identifying", "TelephoneNumber"),
        ("industry", "text", "describing", "Job"),
        ("country", "country", "describing", "PhysicalAddress"),
        ("state", "state", "describing", "PhysicalAddress"),
    ]
]
_WAYS = [
    f"collect: {id}\ntitle: The form {id}\n"
    "asks: {email: required, name: optional, phone: optional, industry: optional, country: optional, state: optional}\nfor: [service]"
    for id in ("form.quote", "form.register")
]


_OTHERS = [
    "recipient: distributor\ntitle: Distributors\nis: partner\nthird party: yes\nown marketing: no",
    "recipient: authority\ntitle: Authorities\nis: authority\nthird party: yes\nown marketing: no",
    'promise: open.book\ntitle: What the law asks\nduty: "We say all of this."\n'
    "law: [review process, change notice, do not track, california disclosure]",
]
_SERVICE = {
    "needs": ["phone"],
    "may use": ["email", "name", "industry", "country", "state"],
    "collected by": ["form.quote", "form.register"],
    "choice": "none",
    "marketing": "never",
    "recipients": ["authority", "distributor"],
}


def _section(anchor: str, title: str, rules: list[str]) -> str:
    blocks = "\n".join(f"```rule\n{rule}\n```\n" for rule in rules)
    named = ", ".join(re.findall(r"^title: (.+)$", blocks, re.MULTILINE))
    return f"{{#{anchor}}}\n## {title}\n\nHere is what we do about {title.lower()}: {named}.\n\n{blocks}"


def _yaml(value: object) -> str:
    if isinstance(value, Mapping):
        return f"{{{', '.join(f'{key}: {each}' for key, each in value.items())}}}"
    return f"[{', '.join(value)}]" if isinstance(value, list | tuple) else str(value)
