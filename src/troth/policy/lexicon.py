"""The words of a language that the compiler looks for in prose, from `lexicons/<language>.yaml`.

A language without a lexicon is not searched at all, so that it draws no false findings.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from .lengths import Duration
from .own_yaml import load_own_yaml


class Pattern:
    """A regular expression that is tried only on a sentence with one of its `hints`, parts of words in small letters.

    Without hints it is tried on all. Looking for a few words takes a fiftieth of looking for a long expression."""

    __slots__ = ("_expression", "_hints")

    def __init__(self, expression: re.Pattern[str], hints: Sequence[str] = ()) -> None:
        self._expression, self._hints = expression, tuple(hints)

    def search(self, text: str) -> re.Match[str] | None:
        return self._expression.search(text) if self.may_find(text) else None

    def match(self, text: str) -> re.Match[str] | None:
        return self._expression.match(text)

    def finditer(self, text: str) -> Iterator[re.Match[str]]:
        return self._expression.finditer(text) if self.may_find(text) else iter(())

    def split(self, text: str) -> list[str]:
        return self._expression.split(text)

    def sub(self, by: str, text: str) -> str:
        return self._expression.sub(by, text) if self.may_find(text) else text

    def misses(self, text: str) -> bool:
        """Whether the hints keep the expression from being found: they lack a word."""
        return not self.may_find(text) and self._expression.search(text) is not None

    def may_find(self, text: str) -> bool:
        """Whether one of its hints is in the text."""
        if not self._hints:
            return True
        small = text.lower()
        for hint in self._hints:  # noqa: SIM110  any() takes twice as long, and this is asked of every sentence
            if hint in small:
                return True
        return False


@dataclass(frozen=True, eq=False)
class Lexicon:
    """What prose of one language says a thing with.

    numbers, units  the parts of a stated time; `time` finds one, with its groups number, digits and unit; with from or
                    low for the first of a range; and with alone, half and more, where a half belongs to it: “half a
                    year”, “1.5 years”, “a year and a half”
    half_alone      “half a” and the like → the whole number that it adds to
    fillers         words that say nothing of a thing's name
    keeping         something is kept or deleted, which is said with a time
    backups         what is before a time says that it is that of backup copies, and not of what they are made of
    past            a time that is over: “in the preceding 12 months”
    retention       the head of a table that says how long things are kept
    negation        something is not so
    opening         the end of what may come before a clause
    subject         the beginning of a clause that has a subject of its own
    speaking        a pronoun and its verb
    telling         a sentence about the page itself: what it explains
    alone           data given here serves nothing else
    selling         data is sold or rented; whether this is denied says `negation` before it or in it
    giving          anyone outside is given something, or denied it
    everyone        others of any kind, so that providers are among them
    advertisers     outsiders who advertise: what is denied to them is denied to recipients with marketing of their own
    data            a word for what people tell us
    nobody_else     nobody receives it beside those who were named
    only_us         nobody outside the organization receives it
    asking          what comes is what people may ask for
    joint           where a clause ends within a sentence
    training        models are trained or improved; `fed`: with what people give; `models`: titles of such purposes
    endless         kept without an end
    needed          kept as long as needed, which is no time
    at_once         deleted at once, or not kept
    conditional     words that make `at_once` a statement about one case
    yours           all that people tell us; `pronoun`: what the rules beside it are about
    unmeasured      a time that gives no number: “several years”
    excepting       a statement with an exception, or about one use only
    no_marketing    what comes with a purpose carries no marketing
    marketing       it may carry some
    signing_up      it comes only to those who signed up
    own_use         marketing is spoken of
    undertaking     we will do something, which is said with a time
    within          before a time: it is done until then; `ahead`, behind a time: it is done that much earlier
    refused         what comes holds for those who refused something
    handling        we sell, share, keep or train
    continuing      going on to use the site counts as agreeing
    partnering      a company acts for itself; `serving`: for us
    effective       before a date: the policy applies from it; `dated`: it was last changed then
    months, date    the names of months in order; `date` finds a date, with its groups year, month and day, numbered
    """

    numbers: Mapping[str, int]
    half_alone: Mapping[str, int]
    units: Mapping[str, Duration]
    time: Pattern
    fillers: frozenset[str]
    keeping: Pattern
    backups: Pattern
    past: Pattern
    retention: Pattern
    negation: Pattern
    opening: Pattern
    subject: Pattern
    speaking: Pattern
    telling: Pattern
    alone: Pattern
    selling: Pattern
    giving: Pattern
    everyone: Pattern
    advertisers: Pattern
    data: Pattern
    nobody_else: Pattern
    only_us: Pattern
    asking: Pattern
    joint: Pattern
    training: Pattern
    fed: Pattern
    models: Pattern
    endless: Pattern
    needed: Pattern
    at_once: Pattern
    conditional: Pattern
    yours: Pattern
    pronoun: Pattern
    unmeasured: Pattern
    excepting: Pattern
    no_marketing: Pattern
    marketing: Pattern
    signing_up: Pattern
    own_use: Pattern
    handling: Pattern
    undertaking: Pattern
    within: Pattern
    ahead: Pattern
    refused: Pattern
    continuing: Pattern
    partnering: Pattern
    serving: Pattern
    effective: Pattern
    dated: Pattern
    months: tuple[str, ...]
    date: Pattern


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
        units={word: _read_unit(text) for word, text in words["units"].items()},
        time=_time(words, [*numbers, *words["one"]]),
        fillers=frozenset(words["fillers"]),
        months=tuple(words["months"]),
        date=_date(words["months"]),
        **_compile(words["patterns"], words["parts"], words.get("hints", {})),
    )


def _read_unit(text: str) -> Duration:
    unit = Duration.read(text)
    if unit is None:
        raise ValueError(f"not a length of time: {text}")
    return unit


def _compile(
    patterns: Mapping[str, str], parts: Mapping[str, str], hints: Mapping[str, Sequence[str]]
) -> dict[str, Pattern]:
    """Patterns with their parts put in. A part may have parts that are listed before it."""
    known: dict[str, str] = {}
    for name, text in parts.items():
        known[name] = _put_in(text, known)
    return {
        name: Pattern(re.compile(_put_in(text, known), re.IGNORECASE | re.VERBOSE), hints.get(name, ()))
        for name, text in patterns.items()
    }


def _put_in(text: str, parts: Mapping[str, str]) -> str:
    return re.sub(r"\{([a-z_]+)\}", lambda found: f"(?:{parts[found[1]]})", text)


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
    expression = re.compile(
        rf"(?<![\w.,-]){_range(words['ranges'], number)}"
        rf"(?:(?P<alone>{_any(halves['alone'])})|(?P<number>\d{{1,5}}|{number})(?P<half>{half})?)"
        rf"(?:\s*\((?P<digits>\d{{1,5}})(?:[.,]5|½)?\))?[\s-]+"
        rf"{words['between']}(?P<unit>{unit}){words['plural']}(?P<more>{more})?(?!\w)",
        re.IGNORECASE,
    )
    return Pattern(expression, hints=[word.split()[-1] for word in words["units"]])


def _range(words: Mapping[str, Any], number: str) -> str:
    """What comes before the second number of “12 to 24 months” and “between 12 and 24 months”, with the first one."""
    between = words["between"].format(rf"(?P<from>\d{{1,5}}|{number})")
    return rf"(?:{between}|(?P<low>\d{{1,5}}|{number})(?:{'|'.join(words['joined'])}))?"


def _date(months: Sequence[str]) -> Pattern:
    """“November 1, 2026”, “1 November 2026”, “1. März 2026”, “2026-11-01”, “01.03.2026”."""
    month = "|".join(months)
    return Pattern(
        re.compile(
            rf"\b(?:(?P<month1>{month})\s+(?P<day1>\d{{1,2}})(?:st|nd|rd|th)?,?\s+(?P<year1>\d{{4}})"
            rf"|(?P<day2>\d{{1,2}})(?:st|nd|rd|th|\.)?\s+(?P<month2>{month}),?\s+(?P<year2>\d{{4}})"
            r"|(?P<year3>\d{4})-(?P<month3>\d{2})-(?P<day3>\d{2})|(?P<day4>\d{1,2})\.(?P<month4>\d{1,2})\.(?P<year4>\d{4}))\b",
            re.IGNORECASE,
        )
    )


def _any(words: Iterable[str]) -> str:
    """A pattern for one of several words, the longest first, with any white space between and before their parts.

    Without words, one that nothing matches."""
    spaced = (re.sub(r"\s+", " ", word) for word in words)
    return _branch([[r"\s+" if sign == " " else re.escape(sign) for sign in word] for word in spaced]) or r"(?!)"


def _branch(words: Sequence[Sequence[str]]) -> str:
    """A pattern for one of these rows of signs; what several begin with is tried once for all of them."""
    after = {word[0]: [each[1:] for each in words if each[:1] == word[:1]] for word in words if word}
    ways = "|".join(sign + _branch(rest) for sign, rest in after.items())
    return f"(?:{ways}){'?' if [] in words else ''}" if ways else ""
