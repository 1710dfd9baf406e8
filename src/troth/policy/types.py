"""The types that a policy may give a kind, one line each: this is their index.

What a type is in a form, in storage and on a page is its one value, in a module of `collection/forms/types`.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class TypeRule:
    """What a rule of the policy says of a kind of the type.   `listed`: its values. `files`: what files it takes.

    `divides`: other kinds may be asked only for some of its values, by `only in`."""

    listed: bool = False
    files: bool = False
    divides: bool = False


FORMERLY_TEXT = ("name", "company", "password")
"""Kinds that policies called `text` before these types existed: a kind of one of these names is read as its type."""
PLACE_TYPES = ("country", "state")
"""Kinds that say in which region a person lives."""

KIND_TYPES: dict[str, TypeRule] = {
    "text": TypeRule(),
    "name": TypeRule(),
    "company": TypeRule(),
    "password": TypeRule(),
    "long text": TypeRule(),
    "email": TypeRule(),
    "phone": TypeRule(),
    "number": TypeRule(),
    "yes or no": TypeRule(),
    "choice": TypeRule(listed=True),
    "date": TypeRule(),
    "country": TypeRule(divides=True),
    "state": TypeRule(),
    "zip": TypeRule(),
    "product": TypeRule(),
    "edition": TypeRule(),
    "release": TypeRule(),
    "maintenance": TypeRule(),
    "url": TypeRule(),
    "file": TypeRule(files=True),
}
