"""Standing by a translation: each section beside the text that it translates, and its hash in the front matter."""

from collections.abc import Collection
from dataclasses import dataclass

from .drafting import set_field
from .equivalence import hash_section
from .fields import Fields
from .findings import Report
from .grammar import Document, Heading, Written, parse
from .sentences import strip_markdown
from .source import decode
from .terms import Policy, Prose, Section


@dataclass(frozen=True, slots=True)
class SectionPair:
    """A section whose translation nobody has confirmed since its text was written: both texts, without markup."""

    anchor: str
    stated: str
    translated: str


def list_unconfirmed(policy: Policy, text: str) -> tuple[SectionPair, ...]:
    """The sections of a translation that were not confirmed, or whose text changed since."""
    document = _parse(text)
    known = _read_known(document)
    pairs = [(heading, found) for heading in document.headings if (found := policy.section(heading.anchor))]
    return tuple(
        SectionPair(section.anchor, _join(section), _join_written(heading))
        for heading, section in pairs
        if known.get(section.anchor) != hash_section(section)
    )


def confirm_translation(policy: Policy, text: str, *, only: Collection[str] | None = None) -> str:
    """The translation with the hash of each section that it translates; without `only`, of all."""
    document = _parse(text)
    known = _read_known(document)
    for heading in document.headings:
        section = policy.section(heading.anchor)
        if section and (only is None or section.anchor in only):
            known[section.anchor] = hash_section(section)
    order = [section.anchor for section in policy.sections if section.anchor in known]
    lines = "".join(f"\n  {anchor}: {known[anchor]}" for anchor in order)
    return set_field(text, "translates", lines or None)


def _parse(text: str) -> Document:
    readable, report = decode(text)
    return parse(readable or "", report, translation=True)


def _read_known(document: Document) -> dict[str, str]:
    if document.front is None:
        return {}
    pairs = Fields(document.front, "", Report([])).mapping("translates").items()
    return {key.text: value.text for key, value in pairs if key.text and value.text}


def _join(section: Section) -> str:
    prose = [part.text for part in section.parts if isinstance(part, Prose)]
    return "\n".join([section.title, *map(strip_markdown, prose)])


def _join_written(heading: Heading) -> str:
    prose = [part.text for part in heading.parts if isinstance(part, Written)]
    return "\n".join([heading.title, *map(strip_markdown, prose)])
