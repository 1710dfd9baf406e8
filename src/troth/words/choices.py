"""A choice as its page shows it."""

from dataclasses import dataclass

from troth.policy import Answer


@dataclass(frozen=True)
class ShownChoice:
    """One choice. `on`: it may happen; `hint`: why it doesn't although it is on, or can't be chosen.

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
