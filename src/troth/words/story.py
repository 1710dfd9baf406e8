"""What a history says: its lines, as the ledger's entries read in plain words."""

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from html import unescape
from uuid import UUID

from django.utils.html import strip_tags
from django.utils.safestring import SafeString

from troth.words.values import MOST_NAMED


@dataclass(frozen=True)
class Saying:
    """What an entry says, without whose and when. `state` is the look's mark: in, out, kept, or plain.

    facts  titles and what they say
    joins  that it says the same as another one of its moment means that both are of one act"""

    sentence: SafeString
    state: str
    word: str
    promise_kept: bool
    anchor: str
    section: str
    version: int
    quotation: str
    titles: str
    reason: str
    routine: bool
    joins: bool
    number: int
    facts: tuple[tuple[str, str], ...]

    @cached_property
    def plain(self) -> str:
        """The sentence as plain text, for JSON and paper."""
        return unescape(strip_tags(self.sentence))

    @property
    def which(self) -> str:
        """The kinds of data of a sentence that only counts them."""
        return self.titles if self.number > MOST_NAMED else ""


@dataclass(frozen=True)
class LineAbout:
    """What an entry is about, where a history has several requests and submissions: one of them, and its page.

    Or what we wrote to many people, such as an issue; `address` is empty where that has no page."""

    title: str
    address: str


@dataclass(frozen=True)
class StoryLine:
    """One entry as a person reads it."""

    id: UUID
    at_utc: datetime
    new_day: bool
    said: Saying
    facts: tuple[tuple[str, str], ...]
    reason: str
    receipt: str
    about: LineAbout | None = None
