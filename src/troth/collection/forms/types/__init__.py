"""The types of kinds, each one value. A new type is one module here and its line in `policy/types.py`."""

from collections.abc import Iterator
from functools import lru_cache
from importlib import import_module
from pkgutil import iter_modules

from troth.collection.forms.types.base import About, Asked, Choices, KindType, Persona, Typed
from troth.policy import Policy
from troth.policy.types import KIND_TYPES
from troth.records import types as known_to_records

__all__ = ["TYPES", "About", "Asked", "Choices", "KindType", "Persona", "Typed", "kinds_of", "open_types"]


class TypesDiffer(Exception):
    """The policy's language and the modules of this folder don't have the same types."""


def _find() -> Iterator[KindType]:
    """The values of this folder's modules."""
    for found in iter_modules(__path__, f"{__name__}."):
        yield from (each for each in vars(import_module(found.name)).values() if isinstance(each, KindType))


TYPES: dict[str, KindType] = {each.id: each for each in _find()}


@lru_cache(maxsize=128)
def kinds_of(policy: Policy, *types: KindType) -> tuple[str, ...]:
    """The policy's kinds of these types, in its order."""
    return tuple(id for id, kind in policy.kinds.items() if TYPES[kind.type] in types)


def open_types() -> None:
    """Storage keeps and compares values by these from now on.   Raises  TypesDiffer."""
    if TYPES.keys() != KIND_TYPES.keys():
        raise TypesDiffer(", ".join(sorted(TYPES.keys() ^ KIND_TYPES.keys())))
    known_to_records.know(TYPES)
