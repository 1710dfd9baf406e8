"""One difference between two versions, with its class, and the two versions that it is of."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from .phrases import Say, join_words
from .terms import Policy

Class = Literal["refused", "ask", "notify", "narrows", "wording"]
CLASSES: tuple[Class, ...] = ("refused", "ask", "notify", "narrows", "wording")
"""In the order in which they are listed."""
_TWICE_ENDED = re.compile(r"([?!])\.(?=\s|$)")
"""A title that ends a sentence by itself, before the period that we write."""


@dataclass(frozen=True, slots=True)
class Change:
    """One difference. `section` is the anchor in the new version, or in the old one if it is gone there.

    before, after   the words themselves, where a text was changed that no rule holds
    """

    class_: Class
    section: str
    sentence: str
    purpose: str | None = None
    kinds: tuple[str, ...] = ()
    question: str | None = None
    before: str = ""
    after: str = ""


@dataclass(frozen=True)
class Pair:
    """Two versions that are compared. `say` puts sentences into the reader's language."""

    old: Policy
    new: Policy
    say: Say

    def tell(
        self,
        class_: Class,
        section: str,
        sentence: str,
        *,
        purpose: str | None = None,
        kinds: Iterable[str] = (),
        **names: object,
    ) -> Change:
        words = _TWICE_ENDED.sub(r"\1", self.say(sentence) % {name: str(value) for name, value in names.items()})
        return Change(class_, section, words, purpose, tuple(kinds))

    def titles(self, kinds: Iterable[str]) -> str:
        """The kinds as people read them, in the new version's words."""
        known = {**self.old.kinds, **self.new.kinds}
        return join_words([known[kind].title for kind in kinds if kind in known], self.say)

    def titles_of(self, purposes: Iterable[str]) -> str:
        known = {**self.old.purposes, **self.new.purposes}
        return join_words([known[purpose].title for purpose in purposes if purpose in known], self.say)

    def recipient(self, id: str) -> str:
        """A recipient's name in the new version, or in the old one."""
        recipient = self.new.recipients.get(id) or self.old.recipients.get(id)
        return recipient.title if recipient else id


def sort(order: Sequence[str], chosen: Iterable[str]) -> list[str]:
    """The chosen in the given order."""
    among = set(chosen)
    return [each for each in order if each in among]
