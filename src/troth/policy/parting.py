"""Ways of collecting that keep what comes in for each purpose apart: `apart: yes`.

A reply about a support case and one about a quote come in by the same form, and each is used for its own purpose
alone. For the law they come in by two ways, `form.reply/support` and `form.reply/quotes`. What was kept before the
policy said so keeps the way that it came in, `form.reply`, and the rules of its version.
"""

from collections.abc import Iterator
from dataclasses import replace
from types import MappingProxyType

from .terms import Collect, Policy, Purpose


def divide(policy: Policy) -> Policy:
    """The policy with a way of collecting for each purpose of those that keep them apart.

    Their purposes take what came in for themselves; all others that name the way take every part."""
    parts = {id: _list_parts(collect) for id, collect in policy.collects.items() if collect.apart}
    if not parts:
        return policy
    collects = {each.id: each for id, collect in policy.collects.items() for each in (collect, *parts.get(id, ()))}
    purposes = {id: _take_parts(purpose, parts) for id, purpose in policy.purposes.items()}
    return replace(policy, collects=MappingProxyType(collects), purposes=MappingProxyType(purposes))


def find_part(policy: Policy, place: str, purpose: str) -> Collect | None:
    """The way by which data comes in there for this purpose; None where the policy states no such place."""
    return policy.collects.get(_name_part(place, purpose)) or policy.collects.get(place)


def find_whole(channel: str) -> str:
    """The way of collecting that the policy states, of one of its parts too."""
    return channel.partition("/")[0]


def _name_part(place: str, purpose: str) -> str:
    return f"{place}/{purpose}"


def _list_parts(collect: Collect) -> tuple[Collect, ...]:
    return tuple(
        replace(collect, id=_name_part(collect.id, purpose), purposes=(purpose,), apart=False, part_of=collect.id)
        for purpose in collect.purposes
    )


def _take_parts(purpose: Purpose, parts: dict[str, tuple[Collect, ...]]) -> Purpose:
    channels = (each for channel in purpose.collected_by for each in _find_channels(purpose, channel, parts))
    return replace(purpose, collected_by=tuple(channels))


def _find_channels(purpose: Purpose, channel: str, parts: dict[str, tuple[Collect, ...]]) -> Iterator[str]:
    """The way itself, of data that came in before, and the parts that this purpose takes."""
    yield channel
    every = [each.id for each in parts.get(channel, ())]
    own = _name_part(channel, purpose.id)
    yield from [own] if own in every else every
