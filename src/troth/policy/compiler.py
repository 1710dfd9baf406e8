"""From text to policy: reading, checking, and the frozen result."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any, TypeVar

from .binding import check_binding
from .checks import check_terms
from .claims import check_claims
from .dates import check_effective
from .duties import check_duties
from .findings import Finding, Report
from .front import FrontMatter, read_front
from .grammar import Block, Document, Group, Heading, Written, parse
from .identity import Names, identify, read_names
from .lexicon import find_lexicon
from .parting import divide
from .reading import Terms, read_terms
from .sentences import first_sentence, strip_inline
from .slips import check_slips, check_undecided
from .source import decode
from .statute import check_law
from .tabled import check_tables
from .terms import Part, Policy, Prose, Rule, Rules, Section
from .timeless import check_timeless
from .timing import check_times
from .unnamed import check_unnamed
from .vocabulary import find_vocabulary

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Compiled:
    """The result of compiling a text. `policy` if there are no errors; `draft` as far as it can be read."""

    policy: Policy | None
    findings: tuple[Finding, ...]
    draft: Policy | None = None


def compile(text: str | bytes) -> Compiled:
    """The policy that a text states, and all findings at once.

    Takes   the text of a policy.md, or its bytes in UTF-8; at most 500 kB.
    Gives   policy None if any finding is an error. Never raises, whatever the text contains.
    """
    readable, report = decode(text)
    if readable is None:
        return Compiled(None, report.findings())
    found = _read(readable, report)
    document, front, terms = found.document, found.front, found.terms
    check_terms(document, terms, found.names, report)
    lexicon, vocabulary = find_lexicon(front.language), find_vocabulary(front.language)
    check_binding(document, terms, lexicon, report)
    check_times(document, terms, lexicon, vocabulary, report)
    check_timeless(document, terms, lexicon, report)
    check_claims(document, terms, lexicon, report)
    check_duties(document, terms, lexicon, report)
    check_tables(document, terms, lexicon, vocabulary, report)
    check_unnamed(document, terms, lexicon, vocabulary, report)
    check_effective(document, front, lexicon, report)
    check_slips(document, front, terms, lexicon, report)
    check_undecided(readable, report)
    check_law(document, front, terms, report)
    draft = _policy(text, found)
    return Compiled(None if report.failed else draft, report.findings(), draft)


def read_policy(text: str | bytes) -> Policy | None:
    """What a text states as far as it can be read: the draft of `compile`, without looking for what is wrong.

    Cost    about half of `compile`."""
    readable, report = decode(text)
    return None if readable is None else _policy(text, _read(readable, report))


@dataclass(frozen=True, slots=True)
class _Found:
    document: Document
    front: FrontMatter
    terms: Terms
    names: Names


def _read(readable: str, report: Report) -> _Found:
    document = parse(readable, report)
    front, terms = read_front(document.front, report), read_terms(document, report)
    return _Found(document, front, terms, read_names(document, report))


def _policy(source: str | bytes, found: _Found) -> Policy:
    """Each rule under its first id, and in parts where it keeps purposes apart."""
    text = source if isinstance(source, str) else source.decode("utf-8")
    return divide(identify(_write(text, found), found.names))


def _write(text: str, found: _Found) -> Policy:
    document, front, terms = found.document, found.front, found.terms
    quotations = {
        (block.type, block.id): quote_rule(block, group) for _, group in document.groups for block in group.blocks
    }
    return Policy(
        organization=front.organization,
        short_name=front.short_name,
        privacy_email=front.privacy_email,
        postal_address=front.postal_address,
        language=front.language,
        version=front.version,
        effective=front.effective,
        cookie_switch=front.cookie_switch,  # type: ignore[arg-type]
        sections=tuple(section(heading) for heading in document.headings),
        kinds=_add_quotations("kind", terms.kinds, quotations),
        collects=_add_quotations("collect", terms.collects, quotations),
        purposes=_add_quotations("purpose", terms.purposes, quotations),
        recipients=_add_quotations("recipient", terms.recipients, quotations),
        cookies=_add_quotations("cookie", terms.cookies, quotations),
        promises=_add_quotations("promise", terms.promises, quotations),
        text=text,
        sha256=hashlib.sha256(text.encode("utf-8")).hexdigest(),
        laws=front.laws,
        country=front.country,
        controllers=front.controllers,
        representative=front.representative,
        links=MappingProxyType(document.links),
        declared=MappingProxyType(dict(front.declared)),
    )


def _add_quotations(type: str, terms: Mapping[str, T], quotations: Mapping[tuple[str, str], str]) -> Mapping[str, T]:
    quoted: dict[str, Any] = {}
    for id, term in terms.items():
        quoted[id] = replace(term, quotation=quotations.get((type, id), ""))  # type: ignore[type-var]
    return MappingProxyType(quoted)


def quote_rule(block: Block, group: Group) -> str:
    """The quotation for a rule: its first one, else the first sentence of its prose."""
    return block.keeps[0] if block.keeps else first_sentence(group.text)


def section(heading: Heading) -> Section:
    """A heading with its parts, frozen."""
    return Section(
        anchor=heading.anchor,
        title=strip_inline(heading.title),
        level=heading.level,
        parts=tuple(_part(part) for part in heading.parts),
        quotation=_quote(heading),
    )


def _part(part: Written | Group) -> Part:
    if isinstance(part, Written):
        return Prose(part.text, part.line, part.information, part.rules is not None)
    return Rules(tuple(Rule(block.type, block.id, block.source, block.line, block.keeps) for block in part.blocks))


def _quote(heading: Heading) -> str:
    for part in heading.parts:
        if isinstance(part, Group) and part.blocks:
            return quote_rule(part.blocks[0], part)
    written = [part for part in heading.parts if isinstance(part, Written)]
    return first_sentence(written[0].text) if written else ""
