"""The words of a language that the compiler looks for in prose, from `lexicons/<language>.yaml`.

A language without a lexicon is not searched at all, so that it draws no false findings.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from .lengths import Unit
from .own_yaml import load_own_yaml

Pattern = re.Pattern[str]


@dataclass(frozen=True, eq=False)
class Lexicon:
    """What prose of one language says a thing with.

    numbers, units  the parts of a stated time; `time` finds one, with its groups number, digits and unit; and alone,
                    half and more, where a half belongs to it: “half a year”, “1.5 years”, “a year and a half”
    half_alone      “half a” and the like → the whole number that it adds to
    fillers         words that say nothing of a thing's name
    keeping         something is kept or deleted, which is said with a time
    negation        something is not so
    opening         the end of what may come before a clause
    subject         the beginning of a clause that has a subject of its own
    speaking        a pronoun and its verb
    telling         a sentence about the page itself: what it explains
    alone           data given here serves nothing else
    selling         we do not sell data
    giving          nobody outside is given any
    excepting       a statement with an exception, or about one use only
    no_marketing    what comes with a purpose carries no marketing
    marketing       it may carry some
    signing_up      it comes only to those who signed up
    own_use         marketing is spoken of
    handling        we sell, share, keep or train
    continuing      going on to use the site counts as agreeing
    """

    numbers: Mapping[str, int]
    half_alone: Mapping[str, int]
    units: Mapping[str, Unit]
    time: Pattern
    fillers: frozenset[str]
    keeping: Pattern
    negation: Pattern
    opening: Pattern
    subject: Pattern
    speaking: Pattern
    telling: Pattern
    alone: Pattern
    selling: Pattern
    giving: Pattern
    excepting: Pattern
    no_marketing: Pattern
    marketing: Pattern
    signing_up: Pattern
    own_use: Pattern
    handling: Pattern
    continuing: Pattern


@cache
def find_lexicon(language: str) -> Lexicon | None:
    """The lexicon of a language code such as `en` or `de-AT`; None if there is none."""
    name = re.match("[a-z]*", language)
    file = files(__package__) / "lexicons" / f"{name[0] if name else ''}.yaml"
    return _read(load_own_yaml(file.read_text(encoding="utf-8"))) if file.is_file() else None


def _read(words: Mapping[str, Any]) -> Lexicon:
    numbers = _count(words)
    return Lexicon(
        numbers=numbers,
        half_alone=words["halves"]["alone"],
        units=words["units"],
        time=_time(words, [*numbers, *words["one"]]),
        fillers=frozenset(words["fillers"]),
        **{name: re.compile(text, re.IGNORECASE | re.VERBOSE) for name, text in words["patterns"].items()},
    )


def _count(words: Mapping[str, Any]) -> dict[str, int]:
    """The numbers of a language by their words: ones, tens, both joined, and those it lists."""
    ones, tens = ({word: n for n, word in enumerate(words[name], start)} for name, start in (("ones", 1), ("tens", 2)))
    joined = {
        form.format(ten=ten, one=one): number * 10 + more
        for ten, number in tens.items()
        for one, more in ones.items()
        for form in words["joined"]
    }
    return {**ones, **{ten: number * 10 for ten, number in tens.items()}, **joined, **words["numbers"]}


def _time(words: Mapping[str, Any], numbers: list[str]) -> Pattern:
    number, unit, halves = _any(numbers), _any(words["units"]), words["halves"]
    half, more = _any(halves["joined"]), _any(halves["after"])
    return re.compile(
        rf"(?<![\w.,-])(?:(?P<alone>{_any(halves['alone'])})|(?P<number>\d{{1,5}}|{number})(?P<half>{half})?)"
        rf"(?:\s*\((?P<digits>\d{{1,5}})(?:[.,]5|½)?\))?[\s-]+"
        rf"{words['between']}(?P<unit>{unit}){words['plural']}(?P<more>{more})?(?!\w)",
        re.IGNORECASE,
    )


def _any(words: list[str] | Mapping[str, str]) -> str:
    """A pattern for one of several words, the longest first, with any white space between and before their parts.

    Without words, one that nothing matches."""
    parts = (re.split(r"\s+", word) for word in sorted(words, key=len, reverse=True))
    return "|".join(r"\s+".join(map(re.escape, each)) for each in parts) or r"(?!)"
