"""Both versions whole, side by side: each paragraph as it was and as it will be, with what differs marked."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from troth.policy import Policy, publish
from troth.policy.page import PageProse, PageSection
from troth.policy.phrases import Say

_INS, _DEL = re.compile(r"<ins>.*?</ins>", re.DOTALL), re.compile(r"<del>.*?</del>", re.DOTALL)


@dataclass(frozen=True)
class Passage:
    """A paragraph in the old version and in the new one, as HTML with the words that differ marked."""

    old: str
    new: str


@dataclass(frozen=True)
class Sides:
    """A section of both versions. Where only one has it, the other's title and passages are empty."""

    old: str
    new: str
    passages: tuple[Passage, ...]


def divide(part: PageProse) -> Passage:
    return Passage(_INS.sub("", part.html), _DEL.sub("", part.html))


def list_sides(new: Policy, old: Policy, say: Say) -> Iterator[Sides]:
    """The sections of the new version in its order, then those that are gone."""
    before = {section.anchor: section for section in publish(old, say=say).sections}
    for section in publish(new, old, say=say).sections:
        former = before.pop(section.anchor, None)
        yield Sides(former.title if former else "", section.title, tuple(map(divide, _list_prose(section))))
    for section in before.values():
        yield Sides(section.title, "", tuple(Passage(part.html, "") for part in _list_prose(section)))


def _list_prose(section: PageSection) -> list[PageProse]:
    return [part for part in section.parts if isinstance(part, PageProse)]
