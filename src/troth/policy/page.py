"""The policy page: prose as HTML, a plain table of the rules under each section, and what changed.

`publish` gives structured data; templates draw it. The HTML in it is safe by construction: see `markup`.

Policy  #I4, #P5
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import partial

from . import phrases
from .changes import diff
from .classed import Change
from .marking import Render, mark_changes
from .markup import render
from .phrases import Say
from .terms import Collect, Cookie, Kind, Policy, Prose, Purpose, Rules, Section

_RIGHT_TO_LEFT = frozenset(("ar", "arc", "ckb", "dv", "fa", "he", "ks", "ps", "sd", "ug", "ur", "yi"))


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table under a section. `kinds` and `purposes` are ids; the other fields are words."""

    kind: str
    purpose: str
    choice: str
    kept_for: str
    kinds: tuple[str, ...]
    purposes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Source:
    """One rule as it is written."""

    type: str
    id: str
    text: str


@dataclass(frozen=True, slots=True)
class PageProse:
    """One paragraph or list as HTML, with `ins` and `del` where it differs from the version before."""

    html: str
    information: bool
    changed: bool


@dataclass(frozen=True, slots=True)
class PageRules:
    """What the rules under some prose state: `given_to` has recipients, `bases` the legal bases."""

    rows: tuple[Row, ...]
    given_to: tuple[str, ...]
    promises: tuple[str, ...]
    sources: tuple[Source, ...]
    bases: tuple[str, ...] = ()


PagePart = PageProse | PageRules


@dataclass(frozen=True, slots=True)
class PageSection:
    """`written`: what the text calls its anchor; both lead to it."""

    anchor: str
    written: str
    title: str
    level: int
    parts: tuple[PagePart, ...]
    changed: bool


@dataclass(frozen=True, slots=True)
class ContentsEntry:
    """One line of the contents, with those beneath it."""

    anchor: str
    title: str
    level: int
    changed: bool
    entries: "tuple[ContentsEntry, ...]"


@dataclass(frozen=True, slots=True)
class Page:
    """One version as a page. `title` is that of the first heading; `compared_with` the version before, if given."""

    title: str
    organization: str
    short_name: str
    language: str
    direction: str
    version: int
    effective: date
    sha256: str
    contents: tuple[ContentsEntry, ...]
    sections: tuple[PageSection, ...]
    changes: tuple[Change, ...]
    compared_with: int | None
    controllers: tuple[str, ...] = ()
    representative: str = ""
    labels: Mapping[str, str] = field(default_factory=dict)


def publish(policy: Policy, previous: Policy | None = None, *, say: Say = str) -> Page:
    """The page of a version, compared with the previous one if that is given. Of a translation: `translate` it first.

    Takes   say: gives the program's own words in the reader's language (phrases.py lists them; see `find_say`).
    """
    changes = diff(previous, policy, say=say) if previous else ()
    touched = {change.section for change in changes}
    tables = _Tables(policy, say)
    before = {section.anchor: section for section in previous.sections} if previous else None
    links = {**(previous.links if previous else {}), **policy.links}
    sections = tuple(
        PageSection(
            section.anchor,
            policy.name("section", section.anchor),
            section.title,
            section.level,
            tuple(_parts(section, tables.of(section), before, partial(render, links=links))),
            section.anchor in touched,
        )
        for section in policy.sections
    )
    return Page(
        title=sections[0].title if sections else policy.organization,
        organization=policy.organization,
        short_name=policy.short_name,
        language=policy.language,
        direction=find_direction(policy.language),
        version=policy.version,
        effective=policy.effective,
        sha256=policy.sha256,
        contents=_contents(list(sections)),
        sections=sections,
        changes=changes,
        compared_with=previous.version if previous else None,
        controllers=policy.controllers,
        representative=policy.representative,
        labels={name: say(words) for name, words in phrases.LABELS.items()},
    )


def find_direction(language: str) -> str:
    """Which way a language is written, as HTML says it."""
    return "rtl" if language.partition("-")[0] in _RIGHT_TO_LEFT else "ltr"


def _contents(sections: list[PageSection]) -> tuple[ContentsEntry, ...]:
    entries: list[ContentsEntry] = []
    while sections:
        first = sections.pop(0)
        under = []
        while sections and sections[0].level > first.level and first.level > 1:
            under.append(sections.pop(0))
        if first.anchor:
            entries.append(ContentsEntry(first.anchor, first.title, first.level, first.changed, _contents(under)))
    return tuple(entries)


def _parts(
    section: Section, tables: Iterable[PageRules], before: Mapping[str, Section] | None, html: Render
) -> Iterator[PagePart]:
    """Prose with its tables, each after the paragraphs of its rules."""
    prose = [part.text for part in section.parts if isinstance(part, Prose)]
    old = before.get(section.anchor) if before is not None else None
    earlier = [part.text for part in old.parts if isinstance(part, Prose)] if old else []
    lines = mark_changes(earlier, prose, html) if before is not None else [(html(text), False) for text in prose]
    found, following = iter(lines), iter(tables)
    for part in section.parts:
        if isinstance(part, Prose):
            rendered, changed = next(found)
            yield PageProse(rendered, part.information, changed)
        else:
            yield next(following)


class _Tables:
    """The tables of a policy, group by group."""

    def __init__(self, policy: Policy, say: Say) -> None:
        self._policy, self._say = policy, say

    def of(self, section: Section) -> tuple[PageRules, ...]:
        return tuple(self._table(part) for part in section.parts if isinstance(part, Rules))

    def _table(self, rules: Rules) -> PageRules:
        rows: list[Row] = []
        given: dict[str, None] = {}
        promises: list[str] = []
        for block in rules.blocks:
            if block.type == "purpose":
                rows += self._purpose(self._policy.purposes[block.id])
                given |= dict.fromkeys(self._recipients(self._policy.purposes[block.id]))
            elif block.type == "collect":
                rows += self._collect(self._policy.collects[block.id])
            elif block.type == "kind":
                rows.append(self._kind(self._policy.kinds[block.id]))
            elif block.type == "cookie":
                rows.append(self._cookie(self._policy.cookies[block.id]))
            elif block.type == "recipient":
                given[phrases.recipient_words(self._policy.recipients[block.id], self._say)] = None
            else:
                promises.append(phrases.promise_words(self._policy.promises[block.id], self._say))
        sources = tuple(Source(block.type, block.id, block.source.rstrip("\n")) for block in rules.blocks)
        purposes = [self._policy.purposes[block.id] for block in rules.blocks if block.type == "purpose"]
        bases = dict.fromkeys(words for each in purposes if (words := phrases.basis_words(each, self._say)))
        return PageRules(
            tuple(_join(rows, self._policy.language)), tuple(given), tuple(promises), sources, tuple(bases)
        )

    def _row(self, kind: Kind, named: Sequence[Purpose], choice: str, kept_for: str = "") -> Row:
        return Row(
            kind=kind.title,
            purpose=", ".join(purpose.title for purpose in named),
            choice=choice,
            kept_for=kept_for or phrases.describe_times_kept(kind, named, self._say),
            kinds=(kind.id,),
            purposes=tuple(purpose.id for purpose in named),
        )

    def _kinds_of(self, ids: Iterable[str]) -> Iterator[Kind]:
        return (self._policy.kinds[id] for id in ids if id in self._policy.kinds)

    def _purpose(self, purpose: Purpose) -> Iterator[Row]:
        for kind in self._kinds_of(purpose.may_use):
            kept = phrases.describe_kept(purpose.find_time(kind.id) or kind.kept, self._say)
            yield self._row(kind, [purpose], phrases.choice_words(purpose, self._say), kept)

    def _recipients(self, purpose: Purpose) -> Iterator[str]:
        known = [self._policy.recipients[id] for id in purpose.recipients if id in self._policy.recipients]
        return (phrases.recipient_words(recipient, self._say) for recipient in known)

    def _collect(self, collect: Collect) -> Iterator[Row]:
        purposes = [self._policy.purposes[id] for id in collect.purposes if id in self._policy.purposes]
        for ask in collect.asks:
            for kind in self._kinds_of([ask.kind]):
                using = [purpose for purpose in purposes if purpose.states(kind.id, collect.id)]
                choice = phrases.NEEDED if ask.required else phrases.OPTIONAL
                yield self._row(kind, using, self._say(choice))

    def _kind(self, kind: Kind) -> Row:
        using = [purpose for purpose in self._policy.purposes.values() if kind.id in purpose.may_use]
        choices = {phrases.choice_words(purpose, self._say) for purpose in using}
        choice = choices.pop() if len(choices) == 1 else self._say(phrases.EACH_PURPOSE)
        return self._row(kind, using, choice)

    def _cookie(self, cookie: Cookie) -> Row:
        purpose = self._policy.purposes.get(cookie.purpose)
        return Row(
            kind=self._say(phrases.COOKIE_NAME) % {"title": cookie.title},
            purpose=purpose.title if purpose else "",
            choice=phrases.cookie_choice_words(cookie, self._say),
            kept_for=(
                phrases.time_words(cookie.lifetime, self._say) if cookie.lifetime else self._say(phrases.WITH_BROWSER)
            ),
            kinds=cookie.kinds,
            purposes=(cookie.purpose,) if purpose else (),
        )


def _join(rows: Iterable[Row], language: str) -> Iterator[Row]:
    """Joins rows that differ only in their kind into one, in the position of the first."""
    grouped: dict[tuple[str, ...], list[Row]] = {}
    for row in rows:
        grouped.setdefault((row.purpose, row.choice, row.kept_for, *row.purposes), []).append(row)
    for same in grouped.values():
        first = same[0]
        titles = [first.kind, *(_lower(row.kind, language) for row in same[1:])]
        kinds = tuple(kind for row in same for kind in row.kinds)
        yield Row(", ".join(titles), first.purpose, first.choice, first.kept_for, kinds, first.purposes)


def _lower(title: str, language: str) -> str:
    """The title within a sentence: ZIP code stays, Phone becomes phone; other languages keep capitals."""
    if language.partition("-")[0] != "en":
        return title
    return title[:1].lower() + title[1:] if not title[1:2].isupper() else title
