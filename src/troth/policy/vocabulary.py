"""What policies of a language speak of, and which rule that suggests: from `vocabularies/<language>.yaml`."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from .own_yaml import load_own_yaml

Pattern = re.Pattern[str]
_LISTS = ("headings", "events", "clocks", "laws", "bases", "countries", "cookies")


@dataclass(frozen=True, eq=False)
class Term:
    """A thing that prose speaks of. `says` finds it; `facts` are the fields of its rule."""

    id: str
    says: Pattern
    facts: Mapping[str, Any]


@dataclass(frozen=True, eq=False)
class Vocabulary:
    """What is looked for.

    acts                        a paragraph does something with data, or grants a right
    collecting, using, sharing  it may speak of kinds and channels, of purposes, of recipients
    taking                      a clause says that we collect something, not that people may give it
    refusing                    before a thing: it isn't done, or people may refuse it
    signing_up                  a sentence says that a purpose is for people who asked for it
    pledging                    a sentence says what we never do, or will do: a promise
    safeguarding                what a transfer to another country rests on
    infrastructure              what a company does that serves all purposes
    resting                     a sentence says on what a purpose rests
    self_certified              a sentence about a safeguard is one about us
    running                     behind a time: it runs from something
    referring                   the subject of a sentence is what the sentences before it name
    headings                    type of rule → headings of the sections where such rules are at home
    events                      event from which a time of keeping runs → how that is said
    clocks                      event from which a promise's clock runs → the sentence about it, up to the time
    laws                        law that a text names → how it is named
    bases                       basis of a purpose under the GDPR → how it is said
    countries                   code of a country → how it is named
    cookies                     purpose → how the table of cookies says that it is one for it
    """

    acts: Pattern
    collecting: Pattern
    taking: Pattern
    using: Pattern
    refusing: Pattern
    signing_up: Pattern
    sharing: Pattern
    pledging: Pattern
    safeguarding: Pattern
    infrastructure: Pattern
    resting: Pattern
    self_certified: Pattern
    running: Pattern
    referring: Pattern
    headings: Mapping[str, Pattern]
    events: Mapping[str, Pattern]
    clocks: Mapping[str, Pattern]
    laws: Mapping[str, Pattern]
    bases: Mapping[str, Pattern]
    countries: Mapping[str, Pattern]
    cookies: Mapping[str, Pattern]
    kinds: Mapping[str, Term]
    channels: Mapping[str, Term]
    purposes: Mapping[str, Term]
    recipients: Mapping[str, Term]
    promises: Mapping[str, Term]


@cache
def find_vocabulary(language: str) -> Vocabulary | None:
    """The vocabulary of a language; None if there is none."""
    name = re.match("[a-z]*", language)
    file = files(__package__) / "vocabularies" / f"{name[0] if name else ''}.yaml"
    return _read(load_own_yaml(file.read_text(encoding="utf-8"))) if file.is_file() else None


def _read(found: Mapping[str, Any]) -> Vocabulary:
    patterns = {name: _compile(text) for name, text in found.items() if isinstance(text, str)}
    lists = {name: {key: _compile(text) for key, text in found[name].items()} for name in _LISTS}
    terms = {name: _read_terms(each) for name, each in found.items() if name not in (*patterns, *lists)}
    return Vocabulary(**patterns, **lists, **terms)  # type: ignore[arg-type]


def _read_terms(terms: Mapping[str, Mapping[str, Any]]) -> Mapping[str, Term]:
    return {
        id: Term(id, _compile(facts["says"]), {name: value for name, value in facts.items() if name != "says"})
        for id, facts in terms.items()
    }


def _compile(text: str) -> Pattern:
    return re.compile(text, re.IGNORECASE | re.VERBOSE)
