"""Payloads of entries, beside their columns: codes, ids and numbers. They are deleted when the person is erased.

Each kind of entry has a type of its own, which extends `EntryPayload`: those here are of the kinds that the database's
own functions write; all others are in the rooms whose entries they are. A room hands over the types of its kinds with
them, and an entry that says something else is refused when it is written.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import TypeVar


@dataclass(frozen=True, kw_only=True)
class EntryPayload:
    """The payload of an entry whose columns say everything."""


@dataclass(frozen=True, kw_only=True)
class Collected(EntryPayload):
    """The place in which values were given, and how."""

    channel: str = ""
    way: str = ""


@dataclass(frozen=True, kw_only=True)
class Used(EntryPayload):
    """A use of many people says how many; one of a topic of its purpose, which."""

    people: int = 0
    topic: str = ""


@dataclass(frozen=True, kw_only=True)
class Disclosed(EntryPayload):
    """What the recipient is called."""

    name: str = ""


@dataclass(frozen=True, kw_only=True)
class Chosen(EntryPayload):
    """An answer: to which question, and how it was given."""

    question: str = ""
    yes: bool = False
    way: str = ""


@dataclass(frozen=True, kw_only=True)
class Expired(EntryPayload):
    """Why data was deleted, where it isn't the end of its time."""

    why: str = ""


P = TypeVar("P", bound=EntryPayload)


class WrongPayload(Exception):
    """An entry was written with the payload of another kind."""


_known: dict[str, type[EntryPayload]] = {}


def know(types: Mapping[str, type[EntryPayload]]) -> None:
    """These are the payloads of the rooms' kinds of entries."""
    _known.clear()
    _known.update(types)


def read(payload: type[P], text: str) -> P:
    """The keys of this type. What else is there, such as the hash of a grant's key, no sentence needs."""
    values = json.loads(text)
    return payload(**{field.name: values[field.name] for field in fields(payload) if field.name in values})


def write(kind: str, payload: EntryPayload) -> str:
    """As the database keeps it: what says nothing is left out.   Raises  WrongPayload."""
    says_something = type(payload) is not EntryPayload
    if says_something and not isinstance(payload, wanted := _known.get(kind, EntryPayload)):
        raise WrongPayload(f"“{kind}” says {wanted.__name__}, not {type(payload).__name__}.")
    values = {field.name: getattr(payload, field.name) for field in fields(payload)}
    return json.dumps({name: it for name, it in values.items() if it})


ID_KEYS = ("key", "grant", "email")
"""What no sentence says, since it names one row or one opening: entries that differ in these alone say the same."""
_QUOTED = tuple(f'"{key}"' for key in ID_KEYS)
_IDS = re.compile(rf'"(?:{"|".join(ID_KEYS)})": "[^"]*"(?:, )?')


def without_ids(payload_text: str) -> str:
    """The payload's text as the database writes it, without those."""
    for key in _QUOTED:
        if key in payload_text:
            return _IDS.sub("", payload_text)
    return payload_text
