"""A policy in another language: prose under the same anchors, sharing the one rule set."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from .compiler import section
from .fields import Fields
from .findings import At, Finding, Report
from .front import read_language, read_version
from .grammar import Document, Group, Heading, Written, parse
from .source import decode
from .terms import Policy, Prose, Rules, Section


@dataclass(frozen=True, slots=True)
class Translation:
    """The prose of one language, section by section."""

    language: str
    version: int
    sections: tuple[Section, ...]
    text: str
    links: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    def sentence(self, anchor: str) -> str:
        """The first sentence of a section in this language; '' if unknown."""
        return next((one.quotation for one in self.sections if anchor and one.anchor == anchor), "")


@dataclass(frozen=True, slots=True)
class Translated:
    """The result of reading a translation. `translation` if there are no errors."""

    translation: Translation | None
    findings: tuple[Finding, ...]


def compile_translation(policy: Policy, text: str | bytes) -> Translated:
    """The prose of a `policy.<language>.md`, checked against the policy that it translates."""
    readable, report = decode(text)
    if readable is None:
        return Translated(None, report.findings())
    document = parse(readable, report, translation=True)
    language, version = _front(policy, document, report)
    _compare(policy, document.headings, report)
    if report.failed:
        return Translated(None, report.findings())
    sections = tuple(_like(policy, section(heading)) for heading in document.headings)
    return Translated(Translation(language, version, sections, readable, document.links), report.findings())


def _front(policy: Policy, document: Document, report: Report) -> tuple[str, int]:
    if document.front is None:
        return "", 0
    fields = Fields(document.front, "front matter", report)
    fields.only(("language", "version"))
    language, version = read_language(fields), read_version(fields)
    if language == policy.language:
        report.add("translation-language", fields.place("language"), language=language)
    if version and version != policy.version:
        report.add("translation-version", fields.place("version"), version=version, wanted=policy.version)
    return language, version


def _compare(policy: Policy, headings: list[Heading], report: Report) -> None:
    there = {heading.anchor for heading in headings}
    for one in policy.sections:
        if one.anchor and one.anchor not in there:
            report.add("translation-anchor-missing", At(1), anchor=one.anchor)
    for heading in headings:
        stated = policy.section(heading.anchor)
        if heading.anchor and stated is None:
            report.add("translation-anchor-extra", heading, anchor=heading.anchor)
        for part in heading.parts:
            if isinstance(part, Group):
                report.add("translation-rule", part)
        _compare_length(stated, heading, report)


def _compare_length(stated: Section | None, heading: Heading, report: Report) -> None:
    if stated is None:
        return
    count = sum(isinstance(part, Written) for part in heading.parts)
    wanted = sum(isinstance(part, Prose) for part in stated.parts)
    if count != wanted:
        report.add("translation-thinner", heading, anchor=heading.anchor, count=count, wanted=wanted)


def _like(policy: Policy, translated: Section) -> Section:
    """The translated section with rules placed as in the policy, so that each table is under its prose."""
    stated = policy.section(translated.anchor)
    if stated is None:
        return translated
    prose = iter(translated.parts)
    parts = tuple(part if isinstance(part, Rules) else _prose(next(prose), part) for part in stated.parts)
    return Section(translated.anchor, translated.title, translated.level, parts, translated.quotation)


def _prose(translated: object, stated: Prose) -> Prose:
    assert isinstance(translated, Prose)
    return Prose(translated.text, translated.line, stated.information, stated.bound)
