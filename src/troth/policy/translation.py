"""A policy in another language: prose under the same anchors, titles for the same rules, sharing the one rule set.

    found = compile_translation(policy, text)          # Translated(translation, findings)
    german = translate(policy, found.translation)      # the policy as readers of that language get it

Its front matter holds, besides language and version, what rules are called (`terms`) and, for each section, the hash of
the text that it translates (`translates`): a section whose text has changed since is a finding.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Any, TypeVar

from .compiler import section
from .equivalence import Titles, check_equivalence
from .fields import Fields, did_you_mean
from .findings import Finding, Report
from .front import read_language, read_version
from .grammar import Document, parse
from .identity import TYPES
from .parting import find_whole
from .source import Node, decode
from .terms import Policy, Prose, Rules, Section, Topic

T = TypeVar("T")
"""Type and id of a rule, such as `kind email` → field → its words."""

TRANSLATED = ("title", "duty", "start", "essential", "balance", "safeguard", "when")
"""The fields of rules that readers see. `from`, of a promise's clock, is `start` here."""
_WRITTEN = {"start": "from"}
_LISTED = {"topics": "topic", "products": "product"}
"""Fields that are lists of titles → how one of them is named: `topic events`."""


@dataclass(frozen=True, slots=True)
class Translation:
    """The prose of one language, section by section, and what rules are called in it."""

    language: str
    version: int
    sections: tuple[Section, ...]
    text: str
    links: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    terms: Titles = field(default_factory=dict)

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.text.encode()).hexdigest()

    def sentence(self, anchor: str) -> str:
        """The first sentence of a section in this language; '' if unknown."""
        return next((one.quotation for one in self.sections if anchor and one.anchor == anchor), "")


@dataclass(frozen=True, slots=True)
class Translated:
    """The result of reading a translation. `translation` if there are no errors; `draft` as far as it can be read."""

    translation: Translation | None
    findings: tuple[Finding, ...]
    draft: Translation | None = None


def compile_translation(policy: Policy, text: str | bytes) -> Translated:
    """The prose of a `policy.<language>.md`, checked against the policy that it translates."""
    readable, report = decode(text)
    if readable is None:
        return Translated(None, report.findings())
    document = parse(readable, report, translation=True)
    fields = Fields(document.front, "front matter", report) if document.front else None
    language, version = _read_front(policy, fields, report) if fields else ("", 0)
    terms = _read_terms(policy, fields, report) if fields else {}
    check_equivalence(policy, document, language, fields, terms, report)
    whole = text if isinstance(text, str) else text.decode()
    made = Translation(language, version, _list_sections(policy, document), whole, document.links, terms)
    return Translated(None if report.failed else made, report.findings(), made)


def translate(policy: Policy, translation: Translation) -> Policy:
    """The policy as its translation says it: the same rules under their names in that language."""
    named: dict[str, Any] = {types: _rename(policy, type, translation.terms) for type, types in TYPES.items()}
    return replace(
        policy,
        language=translation.language,
        sections=translation.sections,
        text=translation.text,
        sha256=translation.sha256,
        links=MappingProxyType(dict(translation.links)),
        **named,
    )


def list_words(policy: Policy) -> dict[str, dict[str, str]]:
    """What a translation has words for: type and id of each rule → field → the words in the policy's language."""
    rules = {
        f"{type} {policy.name(type, id)}": rule
        for type, types in TYPES.items()
        for id, rule in getattr(policy, types).items()
        if find_whole(id) == id
    }
    return {name: words for name, rule in rules.items() if (words := _list_fields(rule))}


def _list_fields(rule: Any) -> dict[str, str]:
    found = {name: str(getattr(rule, name, "")) for name in TRANSLATED}
    listed = {f"{one} {each.id}": each.title for field, one in _LISTED.items() for each in getattr(rule, field, ())}
    return {name: words for name, words in {**found, **listed}.items() if words}


def _read_front(policy: Policy, fields: Fields, report: Report) -> tuple[str, int]:
    fields.only(("language", "version", "terms", "translates"))
    language, version = read_language(fields), read_version(fields)
    if language == policy.language:
        report.add("translation-language", fields.place("language"), language=language)
    if version and version != policy.version:
        report.add("translation-version", fields.place("version"), version=version, wanted=policy.version)
    return language, version


def _read_terms(policy: Policy, fields: Fields, report: Report) -> Titles:
    """The words for rules: a text for the only field that a rule has words in, or a mapping by field."""
    known, found = list_words(policy), {}
    given = fields.mapping("terms")
    for key, value in given.items():
        name = key.text or ""
        if name not in known:
            type, _, id = name.partition(" ")
            called = f"{type} {policy.name(type, id)}"
            hint = f"It is called `{called}` now." if called in known else did_you_mean(name, known)
            report.add("translation-term-unknown", key, hint, name=name)
        else:
            found[name] = _read_words(name, value, known[name], report)
    if not found:
        report.add("translation-terms-missing", fields.node, number=len(known))
    for name, words in known.items() if found else ():
        missing = [_WRITTEN.get(each, each) for each in words if each not in found.get(name, {})]
        if missing:
            report.add("translation-term-missing", given.node, name=name, fields=", ".join(missing))
    return MappingProxyType(found)


def _read_words(name: str, value: Node, known: Mapping[str, str], report: Report) -> dict[str, str]:
    if value.text is not None:
        return {next(iter(known)): " ".join(value.text.split())}
    written = {_WRITTEN.get(each, each): each for each in known}
    found: dict[str, str] = {}
    for key, words in value.pairs or ():
        if key.text not in written or words.text is None:
            report.add(
                "translation-term-unknown", key, did_you_mean(key.text or "", written), name=f"{name}: {key.text}"
            )
        else:
            found[written[key.text]] = " ".join(words.text.split())
    return found


def _list_sections(policy: Policy, document: Document) -> tuple[Section, ...]:
    return tuple(_like(policy, section(heading)) for heading in document.headings)


def _like(policy: Policy, translated: Section) -> Section:
    """The translated section with rules placed as in the policy, so that each table is under its prose."""
    stated = policy.section(translated.anchor)
    if stated is None:
        return translated
    prose = iter([part for part in translated.parts if isinstance(part, Prose)])
    parts = [part if isinstance(part, Rules) else _mark(next(prose, None), part) for part in stated.parts]
    return replace(translated, parts=(*(part for part in parts if part), *prose))


def _mark(translated: Prose | None, stated: Prose) -> Prose | None:
    return replace(translated, information=stated.information, bound=stated.bound) if translated else None


def _rename(policy: Policy, type: str, terms: Titles) -> Mapping[str, Any]:
    rules: Mapping[str, Any] = getattr(policy, TYPES[type])
    named = {id: terms.get(f"{type} {policy.name(type, find_whole(id))}", {}) for id in rules}
    return MappingProxyType({id: _reword(rule, named[id]) for id, rule in rules.items()})


def _reword(rule: T, words: Mapping[str, str]) -> T:
    plain: dict[str, Any] = {name: text for name, text in words.items() if " " not in name}
    for names, one in _LISTED.items():
        if titles := getattr(rule, names, ()):
            plain[names] = tuple(Topic(each.id, words.get(f"{one} {each.id}", each.title)) for each in titles)
    return replace(rule, **plain) if plain else rule  # type: ignore[type-var]
