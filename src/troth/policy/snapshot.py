"""A compiled policy as JSON, read in a few milliseconds where compiling its text takes a hundred.

saved = snapshot.save(policy)
snapshot.restore(saved, text=policy.text) == policy

The text is not part of it.
"""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields, is_dataclass, replace
from datetime import date
from functools import cache
from pathlib import Path
from types import MappingProxyType, UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints

import orjson

from .terms import Policy

_NOT_ONE = type(None)


@dataclass(frozen=True, slots=True)
class Codec:
    """How values of a type become JSON and come back; None where they are the same in both."""

    pack: Callable[[Any], Any] | None = None
    unpack: Callable[[Any], Any] | None = None


_PLAIN = Codec()


@cache
def find_compiler() -> str:
    """The hash of the compiler's own source: what another one compiled is compiled again."""
    files = (file for file in Path(__file__).parent.rglob("*") if file.suffix in (".py", ".yaml"))
    return hashlib.sha256(b"".join(file.read_bytes() for file in sorted(files))).hexdigest()


def save(policy: Policy) -> str:
    return orjson.dumps(_pack(_codec(Policy), replace(policy, text=""))).decode()


def restore(saved: str, *, text: str) -> Policy:
    """The policy that was saved; `text` is that of its version."""
    made: Policy = _unpack(_codec(Policy), orjson.loads(saved))
    return replace(made, text=text)


@cache
def _codec(of: Any) -> Codec:
    origin, args = get_origin(of), get_args(of)
    if origin is tuple:
        return _of_tuple(_codec(args[0]))
    if origin is Mapping:
        return _of_mapping(_codec(args[1]))
    if origin in (Union, UnionType):
        return _of_union([each for each in args if each is not _NOT_ONE])
    if is_dataclass(of):
        return _of_class(of)
    return Codec(date.isoformat, date.fromisoformat) if of is date else _PLAIN


def _of_tuple(each: Codec) -> Codec:
    unpack = each.unpack
    return Codec(
        lambda values: [_pack(each, value) for value in values],
        (lambda values: tuple(map(unpack, values))) if unpack else tuple,
    )


def _of_mapping(each: Codec) -> Codec:
    return Codec(
        lambda values: {key: _pack(each, value) for key, value in values.items()},
        lambda values: MappingProxyType({key: _unpack(each, value) for key, value in values.items()}),
    )


def _of_union(types: list[Any]) -> Codec:
    """One of several types, or None: a number says which."""
    codecs = [_codec(each) for each in types]

    def pack(value: Any) -> Any:
        at = next((at for at, each in enumerate(types) if isinstance(value, each)), None)
        return None if at is None else [at, _pack(codecs[at], value)]

    return Codec(pack, lambda value: None if value is None else _unpack(codecs[value[0]], value[1]))


def _of_class(of: Any) -> Codec:
    """Its fields in their order."""
    hints = get_type_hints(of)
    parts = [(field.name, _codec(hints[field.name])) for field in fields(of)]
    unpackers = [codec.unpack for _name, codec in parts]
    return Codec(
        lambda value: [_pack(codec, getattr(value, name)) for name, codec in parts],
        lambda row: of(
            *[
                unpack(value) if unpack and value is not None else value
                for unpack, value in zip(unpackers, row, strict=True)
            ]
        ),
    )


def _pack(codec: Codec, value: Any) -> Any:
    # What a draft lacks is None, whatever its type.
    return codec.pack(value) if codec.pack and value is not None else value


def _unpack(codec: Codec, value: Any) -> Any:
    return codec.unpack(value) if codec.unpack and value is not None else value
