"""A choice as its page shows it, and what there is no choice about."""

from dataclasses import dataclass

from django.utils.safestring import SafeString

from troth.policy import Answer, Purpose


@dataclass(frozen=True)
class ShownChoice:
    """One choice. `on`: it may happen; `hint`: why it doesn't although it is on, or can't be chosen.

    `whole`: of a topic without an answer, the no to its purpose, which keeps it off.
    `confirmed`: a yes begins once it is confirmed by email; `page`: of the form that asks for another address."""

    question: str
    title: str
    quotation: str
    section: str
    on: bool
    answer: Answer | None
    hint: str = ""
    possible: bool = True
    confirmed: bool = False
    page: str = ""
    kinds: tuple[str, ...] = ()
    topics: "tuple[ShownChoice, ...]" = ()
    whole: Answer | None = None


@dataclass(frozen=True)
class PresentUse:
    """What of someone a purpose is for now.

    told  what it is
    ends  until when, with the page where they end it"""

    told: str | SafeString
    ends: str
    address: str
    button: str


@dataclass(frozen=True)
class AlwaysOn:
    """A purpose without a choice.

    words  of the policy
    kinds  what it may use of this person now, by title
    uses   their open requests and products that it is about"""

    purpose: Purpose
    words: str
    kinds: tuple[str, ...] = ()
    uses: tuple[PresentUse, ...] = ()
