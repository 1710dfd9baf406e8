"""The facts of a kind of request: a frozen dataclass, stored as JSON and read back with its types.

A field is a text, number, truth, id or moment, a tuple or mapping of these, another dataclass, or nothing.
"""

from collections.abc import Mapping
from dataclasses import asdict, fields, is_dataclass
from datetime import datetime
from types import UnionType
from typing import Any, TypeVar, get_args, get_origin, get_type_hints
from uuid import UUID

F = TypeVar("F")


class UnknownFacts(Exception):
    """The stored facts don't fit the kind: a migration is missing."""


def read(type_: type[F], stored: Mapping[str, Any]) -> F:
    """The facts of this type.   Raises  UnknownFacts: a key too many or too few."""
    hints = get_type_hints(type_)
    if stored.keys() != {field.name for field in fields(type_)}:  # type: ignore[arg-type]
        raise UnknownFacts(f"{type_.__name__} is stored as {sorted(stored)}")
    return type_(**{name: _convert(hints[name], value) for name, value in stored.items()})


def write(facts: Any) -> dict[str, Any]:
    """As `read` takes it."""
    return {name: _plain(value) for name, value in asdict(facts).items()}


def _convert(hint: Any, value: Any) -> Any:
    if value is None:
        return None
    origin, args = get_origin(hint), get_args(hint)
    if origin is UnionType:
        return _convert(next(arg for arg in args if arg is not type(None)), value)
    if origin is tuple:
        return tuple(_convert(args[0], each) for each in value)
    if origin is not None and issubclass(origin, Mapping):
        return {key: _convert(args[1], each) for key, each in value.items()}
    if hint is UUID:
        return UUID(value)
    if hint is datetime:
        return datetime.fromisoformat(value)
    return read(hint, value) if isinstance(hint, type) and is_dataclass(hint) else value


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _plain(each) for key, each in value.items()}
    if isinstance(value, tuple | list):
        return [_plain(each) for each in value]
    if isinstance(value, datetime):
        return value.isoformat()
    return str(value) if isinstance(value, UUID) else value
