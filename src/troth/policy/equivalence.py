"""Checks that a translation says what the policy says: the same sections and paragraphs, times and denials."""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import replace

from .claims import check_sentences
from .fields import Fields
from .findings import At, Report
from .front import FrontMatter
from .grammar import Document, Group, Heading, Written, parse
from .lexicon import Lexicon, find_lexicon
from .reading import Terms, read_terms
from .sentences import strip_markdown
from .slips import check_slips
from .stated import find_times, measure
from .terms import Policy, Prose, Section

Titles = Mapping[str, Mapping[str, str]]
"""What rules are called in a translation: by type and id, then by field."""


def hash_section(section: Section) -> str:
    """The first 8 hex digits of the SHA-256 of a section's title and prose, white space collapsed."""
    words = " ".join([section.title, *(part.text for part in section.parts if isinstance(part, Prose))])
    return hashlib.sha256(" ".join(words.split()).encode()).hexdigest()[:8]


def check_equivalence(
    policy: Policy, document: Document, language: str, fields: Fields | None, titles: Titles, report: Report
) -> None:
    """Reports where the translation lacks, adds or contradicts something. `titles`: what rules are called in it."""
    _check_sections(policy, document.headings, report)
    if fields is not None:
        _check_hashes(policy, document.headings, fields, report)
    own, lexicon = parse(policy.text, Report([])), find_lexicon(language)
    pairs = list(_pair(own, document))
    known = find_lexicon(policy.language)
    for stated, translated in pairs if lexicon and known else ():
        assert lexicon
        assert known
        _check_times(stated, translated, known, lexicon, report)
    for stated, translated in pairs:
        translated.rules, translated.information = stated.rules, stated.information
    check_sentences(document, _name_recipients(read_terms(own, Report([])), titles), lexicon, report)
    check_slips(document, FrontMatter(privacy_email=policy.privacy_email), Terms(), lexicon, report)


def _name_recipients(terms: Terms, titles: Titles) -> Terms:
    """The terms with recipients called as in the translation, whose prose names them."""
    named = {
        id: replace(each, title=titles.get(f"recipient {id}", {}).get("title", each.title))
        for id, each in terms.recipients.items()
    }
    return replace(terms, recipients=named)


def _check_sections(policy: Policy, headings: list[Heading], report: Report) -> None:
    there = {heading.anchor for heading in headings}
    for one in policy.sections:
        if one.anchor and one.anchor not in there:
            report.add("translation-anchor-missing", At(1), anchor=policy.name("section", one.anchor))
    for heading in headings:
        stated = policy.section(heading.anchor)
        if heading.anchor and stated is None:
            report.add("translation-anchor-extra", heading, anchor=heading.written)
        for part in heading.parts:
            if isinstance(part, Group):
                report.add("translation-rule", part)
        _check_length(stated, heading, report)
    _check_order(policy, headings, report)


def _check_length(stated: Section | None, heading: Heading, report: Report) -> None:
    if stated is None:
        return
    count = sum(isinstance(part, Written) for part in heading.parts)
    wanted = sum(isinstance(part, Prose) for part in stated.parts)
    if count != wanted:
        report.add("translation-thinner", heading, anchor=heading.anchor, count=count, wanted=wanted)


def _check_order(policy: Policy, headings: list[Heading], report: Report) -> None:
    """The first section that is elsewhere, and each of another level."""
    shared = [heading for heading in headings if policy.section(heading.anchor)]
    anchors = {heading.anchor for heading in shared}
    stated = [section for section in policy.sections if section.anchor in anchors]
    moved = next((heading for heading, own in zip(shared, stated, strict=False) if heading.anchor != own.anchor), None)
    levels = {section.anchor: section.level for section in stated}
    for heading in [each for each in shared if each is moved or each.level != levels[each.anchor]]:
        report.add("translation-order", heading, anchor=heading.anchor)


def _check_hashes(policy: Policy, headings: list[Heading], fields: Fields, report: Report) -> None:
    known = {key.text: (key, value.text) for key, value in fields.mapping("translates").items()}
    sections = [(heading, section) for heading in headings if (section := policy.section(heading.anchor))]
    missing = [heading for heading, section in sections if section.anchor not in known]
    if missing:
        report.add("translation-unconfirmed", missing[0] if known else fields.node, number=len(missing))
    for heading, section in sections:
        if section.anchor in known and known[section.anchor][1] != hash_section(section):
            report.add("translation-stale", heading, anchor=section.anchor)


def _pair(own: Document, translated: Document) -> Iterator[tuple[Written, Written]]:
    """The paragraphs of both documents that are at the same place, in sections of equal length."""
    found = {heading.anchor: heading for heading in own.headings if heading.anchor}
    for heading in translated.headings:
        ours, theirs = (
            [part for part in each.parts if isinstance(part, Written)] if each else []
            for each in (found.get(heading.anchor), heading)
        )
        if len(ours) == len(theirs):
            yield from zip(ours, theirs, strict=True)


def _check_times(stated: Written, translated: Written, known: Lexicon, lexicon: Lexicon, report: Report) -> None:
    ours, theirs = _count_times(stated, known), _count_times(translated, lexicon)
    if ours.keys() != theirs.keys():
        said, wanted = (", ".join(sorted(each.values())) or "no time" for each in (theirs, ours))
        report.add("translation-time", translated, said=said, wanted=wanted)


def _count_times(written: Written, lexicon: Lexicon) -> dict[tuple[str, int], str]:
    """Value → the time, of all that a paragraph states."""
    return {measure(found.time): str(found.time) for found in find_times(strip_markdown(written.text), lexicon)}
