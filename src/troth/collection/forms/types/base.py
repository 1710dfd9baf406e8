"""The type of a kind, as one value: its field, normal form, words and partly hidden form."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from django import forms
from django.utils.translation import gettext as _

from troth.collection.forms.reasons import Reason
from troth.files import Attached
from troth.policy.terms import Ask, Kind
from troth.text import line
from troth.text.words import list_words

HOME = "US"
COVER = "•••"
_MOST_WORDS = 20
_APOSTROPHES = re.compile(r"['’ʼ`]")
Choices = Sequence[tuple[str, str]]


@dataclass(frozen=True)
class Asked:
    """A kind as one place asks it; `choices` is the closed list of products and the like that the place knows.

    `country`: whose states are listed, where the place does not say for which countries it asks."""

    kind: Kind
    ask: Ask
    choices: Choices
    reason: Reason
    country: str = HOME


@dataclass(frozen=True)
class Typed:
    """What was typed into a field that shows something: at most so many characters, with the country beside it.

    `label`: what the field is called on the page."""

    text: str
    most: int
    country: str
    label: str = ""


class About(StrEnum):
    """Whom a value is about: forms show it under that heading."""

    PERSON = "person"
    COMPANY = "company"
    PLACE = "place"
    """Of the company where a form asks for one, else of the person."""
    REQUEST = "request"


_CONCEPTS = {"Job": About.COMPANY, "PhysicalAddress": About.PLACE}
"""What a policy says of a kind in the words of the Data Privacy Vocabulary, where its type doesn't say it."""


@dataclass(frozen=True)
class Persona:
    """An invented person of a demonstration, as far as types can make values of them.

    state    its code within the country, or ""
    choose   one of several, the same each time the demonstration is made"""

    name: str
    address: str
    company: str
    industry: str
    country: str
    state: str
    zip: str
    phone: str
    product: str
    edition: str
    users: str
    note: str
    choose: Callable[[Sequence[str]], str]


def _line(typed: Typed) -> str:
    return line(typed.text, most=typed.most)


def _as_stored(kind: Kind, value: str) -> str:
    return value


def _no_files(value: str) -> Sequence[Attached]:
    return ()


def _no_words(kind: Kind, value: str) -> Sequence[str]:
    return ()


def words_of(kind: Kind, value: str) -> Sequence[str]:
    """Each word of it; of O’Connor, oconnor, too."""
    return [*list_words(value, most=_MOST_WORDS), *list_words(_APOSTROPHES.sub("", value), most=_MOST_WORDS)]


def _invent_nothing(kind: Kind, persona: Persona) -> str:
    return ""


def cover_words(value: str) -> str:
    """The first letter of up to three words; the cover never tells the length."""
    return " ".join(f"{word[:1]}{COVER}" for word in value.split()[:3])


def cover_all(value: str) -> str:
    return COVER


def _to_read() -> str:
    return _("We can’t read this. Enter it again.")


def fill_in() -> str:
    return _("Fill this in.")


@dataclass(frozen=True, kw_only=True)
class KindType:
    """One type of the policy.

    field      the field that shows it and reads it
    most       how many characters it takes; None for what is chosen
    normalize  what was typed, in the form in which it is kept and found again; raises CannotRead
    words      what is kept, as people read it
    entered    what is kept, as its field shows it when it is corrected
    cover      what is kept, so far that only its owner knows it again
    said       what of it may leave in a file for programs, and is the same for the same input
    comparable  what is kept, in the form in which it is found: the same for each spelling of the same
    sought     the words by which a caller is found who tells a part of it; none for what nobody is called by
    files      the files that the value names and opens: they are kept with it and go with it
    about      whom it is about; where the type doesn't say it, the kind's concept in the policy does
    group      the title of a group of its own in forms; nothing for the groups of `about`
    autocomplete  what browsers know it by
    invent     a value for someone invented; nothing where they leave it out
    invalid    what to do about a value that the field cannot read
    required   what to do about a field that was left empty
    is_long    whether it may have several lines
    digits     whether its digits may look like a card number
    is_secret  hashed and never kept: neither trimmed nor normalized nor shown again"""

    id: str
    field: Callable[[Asked], forms.Field]
    most: int | None = None
    normalize: Callable[[Typed], str] = _line
    words: Callable[[Kind, str], str] = _as_stored
    entered: Callable[[str], str] = str
    cover: Callable[[str], str] = cover_words
    said: Callable[[str], str] = str
    comparable: Callable[[str], str] = str
    sought: Callable[[Kind, str], Sequence[str]] = _no_words
    files: Callable[[str], Sequence[Attached]] = _no_files
    about: About | None = None
    group: Callable[[], str] = str
    autocomplete: str = ""
    invent: Callable[[Kind, Persona], str] = _invent_nothing
    invalid: Callable[[], str] = _to_read
    required: Callable[[], str] = fill_in
    is_long: bool = False
    digits: bool = False
    is_secret: bool = False

    def subject_of(self, kind: Kind) -> About:
        """Whom a kind of this type is about."""
        return self.about or _CONCEPTS.get(kind.dpv, About.REQUEST)
