"""What a reply by email quotes, folded: what we know from the messages before it, and never a word between.

A line is folded if it is in an earlier message of the same request, or if it is quoted under all that was written.
Answers between quoted lines remain where they are. Where it isn't sure, nothing is folded.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby

from django.conf import settings
from django.utils.translation import gettext as _

from troth.collection.mailbox.parser.quoting import split_history

_MARKS = re.compile(r"^(?:\s*>)+\s?")
_WORDS = re.compile(r"\w+")
_HEADER = re.compile(r"^\W*(?:From|Sent|To|Cc|Date|Subject|Von|Gesendet|An|Betreff|Datum|De|Envoyé|À|Objet)\s?:", re.I)
_MOST_LINES = 5_000


@dataclass(frozen=True)
class MessagePart:
    """Lines that follow each other. `folded`: they are quoted, and shown by a click."""

    text: str
    folded: bool


def fold(words: str, before: Iterable[str]) -> tuple[MessagePart, ...]:
    """All of the text, in its order.   Takes  before: the messages that came before it."""
    lines = words.splitlines()
    if len(lines) > _MOST_LINES:
        return (MessagePart(words, folded=False),)
    known = " ".join(f" {_normalize(each)} " for each in before)
    start = len(split_history(words)[0].splitlines())
    states = [*_mark_answers(lines[:start], known), *_mark_history(lines[start:], known)]
    joined = groupby(zip(lines, _settle(states), strict=True), key=lambda pair: pair[1])
    parts = [MessagePart("\n".join(line for line, _folded in group), folded) for folded, group in joined]
    parts = [part for part in parts if part.text.strip()]
    if all(part.folded for part in parts):
        return (MessagePart(words, folded=False),)
    return tuple(parts)


def _mark_answers(lines: Sequence[str], known: str) -> list[bool | None]:
    """Line → whether it is folded; None for one that says nothing of its own."""
    return [_is_known(_MARKS.sub("", line), known) if _MARKS.match(line) else _open(line) for line in lines]


def _mark_history(lines: Sequence[str], known: str) -> list[bool | None]:
    """What mail programs put under an answer: all of it where it is marked, else as far as it is known to be ours."""
    if all(_MARKS.match(line) or not line.strip() for line in lines[1:]):
        return [True] * len(lines)
    states = [_is_known(_MARKS.sub("", line), known) for line in lines]
    return [True if at == 0 or _HEADER.match(lines[at]) else state for at, state in enumerate(states)]


def _is_known(line: str, known: str) -> bool | None:
    words = _normalize(line)
    if not words:
        return None
    return f" {words} " in known or _is_of_our_layout(line)


def _is_of_our_layout(line: str) -> bool:
    """A line that each of our emails has around its words."""
    around = (
        _("Reply, or see all messages:"),
        _("Privacy choices"),
        _("This email was sent only to you and contains no tracking."),
        _("This is why you received this email."),
    )
    return any(text in line for text in around) or settings.TROTH_BASE_URL in line


def _open(line: str) -> bool | None:
    return False if line.strip() else None


def _settle(states: Sequence[bool | None]) -> list[bool]:
    """An empty line goes with the line above it."""
    settled: list[bool] = []
    for state in states:
        settled.append((settled[-1] if settled else False) if state is None else state)
    return settled


def _normalize(text: str) -> str:
    return " ".join(_WORDS.findall(text.casefold()))
