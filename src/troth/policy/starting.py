"""A first draft from a policy that was written for something else, paragraph by paragraph.

    draft = start(convert(source), organization="Calder Tools, Inc.")
    draft.text                 # a policy.md: the prose as it was, with suggested rules
    draft.paragraphs           # the outcome of each: information, a suggested rule, or undecided, and what is missing

A paragraph that does nothing with data becomes information, and so does a table of contents. One that speaks of things
that have rules (`vocabularies`) gets those. For everything else nobody but its author can decide: it stays without a
rule, which the compiler finds, and a promise that quotes it is written in a comment, for the author to accept. A
paragraph of nothing but what we never do, or will do, is a promise.
"""

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import chain, count
from typing import Literal

from .dates import find_date
from .findings import Report
from .grammar import Document, Heading, Written, parse
from .sentences import first_sentence, split_items, strip_contents, strip_inline, strip_markdown
from .source import plain
from .suggestions import Suggestion, Suggestions, quote_value
from .survey import ReadPassage
from .vocabulary import Vocabulary, find_vocabulary

Outcome = Literal["information", "rules", "undecided"]
_EMAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_PRIVATE = re.compile(r"privacy|dpo|data|datenschutz", re.IGNORECASE)
_FENCE = re.compile(r"^(?:```|~~~).*$", re.MULTILINE)
_SPELLED = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"})
_UNSAFE = re.compile(r"[^a-z0-9]+")


@dataclass(frozen=True, slots=True)
class StartedParagraph:
    """One paragraph, with its line in the draft. `rules`: type and id of what is suggested; `why` it is undecided."""

    line: int
    section: str
    words: str
    outcome: Outcome
    rules: tuple[str, ...] = ()
    why: str = ""


@dataclass(frozen=True, slots=True)
class StartedDraft:
    """The draft, and the outcome of each paragraph."""

    text: str
    paragraphs: tuple[StartedParagraph, ...]

    def count(self, outcome: Outcome) -> int:
        return sum(paragraph.outcome == outcome for paragraph in self.paragraphs)


@dataclass(frozen=True, slots=True)
class _Gathered:
    """A passage with its paragraphs: one that ends with a colon, and what follows it."""

    passage: ReadPassage
    parts: tuple[Written, ...]


def start(
    markdown: str,
    *,
    organization: str,
    version: int = 1,
    effective: date,
    language: str = "en",
    email: str = "",
    address: Sequence[str] = (),
) -> StartedDraft:
    """The draft of a policy, with everything that the text already says."""
    text = _strip_front(plain(markdown)).strip() + "\n"
    body = text if text.lstrip().startswith("#") else f"# Privacy policy\n\n{text}"
    document = parse(f"---\nversion: 1\n---\n\n{_FENCE.sub('', body)}", Report([]), translation=True)
    vocabulary = find_vocabulary(language)
    sections = [(heading, _gather(heading)) for heading in document.headings]
    passages = [each for _, gathered in sections for each in gathered]
    titles = {_strip_number(heading.title) for heading in document.headings}
    read = [each.passage for each in passages if not _is_contents(each.passage, titles, vocabulary)]
    suggestions = Suggestions(read, vocabulary, organization=organization, language=language)
    laws = [name for name, says in vocabulary.laws.items() if says.search(text)] if vocabulary else []
    email = email or _find_email(text)
    stated = find_date(text, suggestions.lexicon) if suggestions.lexicon else None
    country = suggestions.find_country(organization)
    # A first version applies from the day that its text names; a later one isn't earlier than it may be.
    day = stated if stated and (version == 1 or stated > effective) else effective
    front = _write_front(organization, version, day, language, email, address, laws, country)
    writer = _Writer(front)
    anchors: set[str] = set()
    for heading, gathered in sections:
        writer.head(heading.level, heading.title, _name_section(heading, anchors))
        for passage in gathered:
            if vocabulary and passage.passage not in read:
                writer.add(passage.parts, "information")
            else:
                _decide(passage, suggestions, vocabulary, writer)
    writer.define(document)
    return StartedDraft(writer.text, tuple(writer.paragraphs))


def _decide(found: _Gathered, suggestions: Suggestions, vocabulary: Vocabulary | None, writer: "_Writer") -> None:
    rules, clocked = suggestions.take(found.passage), suggestions.list_clocked(found.passage)
    if not rules and vocabulary and not clocked and not suggestions.does_something(found.passage):
        return writer.add(found.parts, "information")
    pledges = [] if rules else suggestions.list_pledges(found.passage)
    for duty in dict.fromkeys((*pledges, *clocked)):
        rules += writer.promise(duty, suggestions.list_clocks(duty), known=rules)
    if rules:
        unstated = ", ".join(f"“{each}”" for each in suggestions.list_unstated(found.passage))
        writer.add(found.parts, "rules", rules=rules, why=f"has no suggested rule for {unstated}" if unstated else "")
    else:
        writer.add(found.parts, "undecided", why=suggestions.explain(found.passage))
        writer.offer(suggestions.quote(found.passage))


def _is_contents(passage: ReadPassage, titles: set[str], vocabulary: Vocabulary | None) -> bool:
    """Whether a passage is a table of contents: a list of links to sections, or of their titles, or headed so."""
    items = split_items(strip_contents(passage.markdown))
    headed = vocabulary is not None and bool(vocabulary.headings["contents"].fullmatch(passage.heading))
    return not items or (len(items) > 1 and (headed or all(_strip_number(item) in titles for item in items)))


def _strip_number(title: str) -> str:
    return re.sub(r"^[\d.]+[.)]?\s+", "", strip_inline(title)).lower()


def _gather(heading: Heading) -> list[_Gathered]:
    groups: list[list[Written]] = []
    for part in heading.parts:
        if isinstance(part, Written) and groups and strip_markdown(groups[-1][-1].text).endswith(":"):
            groups[-1].append(part)
        elif isinstance(part, Written):
            groups.append([part])
    title = strip_inline(heading.title)
    return [_Gathered(ReadPassage(title, "\n\n".join(part.text for part in group)), tuple(group)) for group in groups]


class _Writer:
    def __init__(self, front: str) -> None:
        self._lines = front.split("\n")
        self._section = ""
        self._offered: set[str] = set()
        self.paragraphs: list[StartedParagraph] = []

    @property
    def text(self) -> str:
        return "\n".join(self._lines).rstrip("\n") + "\n"

    def head(self, level: int, title: str, anchor: str) -> None:
        self._section = strip_inline(title)
        self._lines += [f"{{#{anchor}}}", f"{'#' * level} {title}", ""]

    def add(
        self, parts: Sequence[Written], outcome: Outcome, *, rules: Sequence[Suggestion] = (), why: str = ""
    ) -> None:
        if why:
            self._lines += [f"<!-- undecided: {why} -->"]
        for part in parts:
            if outcome == "information":
                self._lines.append("{.information}")
            self._note(part, outcome, rules, why)
            self._lines += [*part.text.split("\n"), ""]
        for rule in rules:
            self._lines += ["```rule", *rule.lines, "```", ""]

    def promise(self, duty: str, clocks: Sequence[str] = (), *, known: Sequence[Suggestion] = ()) -> list[Suggestion]:
        """The promises of this sentence: one for each of its clocks, else one, but for what `known` states."""
        said = f"duty: {quote_value(duty)}"
        stated = [line for each in known if said in each.lines for line in each.lines]
        if said in stated and not clocks:
            return []
        return [
            Suggestion("promise", name, (f"promise: {name}", said, *([f"clock: {clock}"] if clock else [])))
            for clock in clocks or ("",)
            if f"clock: {clock}" not in stated
            for name in [self._name(duty)]
        ]

    def _name(self, duty: str) -> str:
        """A name of a sentence's first words that no other promise has."""
        words = "-".join(re.findall("[a-z]+", duty.lower())[:4]) or "promise"
        names = chain((words,), (f"{words}-{number}" for number in count(2)))
        name = next(each for each in names if each not in self._offered)
        self._offered.add(name)
        return name

    def offer(self, duty: str) -> None:
        """A promise that its author can accept: by deleting the two lines around it."""
        self._lines += ["<!-- If this is a promise, delete this line and the one with the arrow:", "```rule"]
        self._lines += [*self.promise(duty)[0].lines, "```", "-->", ""]

    def _note(self, part: Written, outcome: Outcome, rules: Sequence[Suggestion], why: str) -> None:
        named = tuple(f"{rule.type} {rule.id}" for rule in rules)
        words = first_sentence(part.text)
        self.paragraphs.append(StartedParagraph(len(self._lines) + 1, self._section, words, outcome, named, why))

    def define(self, document: Document) -> None:
        """What reference links lead to."""
        for label, link in document.links.items():
            self._lines.append(f"[{label.lower()}]: {link['href']}")


def _strip_front(text: str) -> str:
    """The text without front matter of its own."""
    found = re.match(r"\A---\n.*?^---[ \t]*\n", text, re.MULTILINE | re.DOTALL)
    return text[found.end() :] if found else text


def _find_email(text: str) -> str:
    """The address for privacy that the text names most often, else its first one."""
    found: list[str] = [each.rstrip(".") for each in _EMAIL.findall(text)]
    names = [each for each in found if _PRIVATE.search(each.partition("@")[0])]
    return max(names, key=names.count, default=found[0] if found else "")


def _write_front(
    organization: str,
    version: int,
    effective: date,
    language: str,
    email: str,
    address: Sequence[str],
    laws: Sequence[str],
    country: str,
) -> str:
    fields: Mapping[str, str] = {
        "organization": quote_value(organization),
        "privacy email": email,
        "postal address": f"[{', '.join(map(quote_value, address))}]" if address else "",
        "country": country,
        "language": language,
        "version": str(version),
        "effective": effective.isoformat(),
        "laws": f"[{', '.join(laws)}]" if laws else "",
    }
    lines = [f"{name}: {value}" for name, value in fields.items() if value]
    return "\n".join(["---", *lines, "---", "", ""])


def _name_section(heading: Heading, taken: set[str]) -> str:
    """The anchor that the text gives a section, else one of its title's first words; no other section has it."""
    name = next(each for each in chain((heading.anchor,), _list_names(heading.title)) if each and each not in taken)
    taken.add(name)
    return name


def _spell(title: str) -> str:
    """A title without marks on its letters, for an anchor: "Empfänger" is "Empfaenger"."""
    apart = unicodedata.normalize("NFKD", title.translate(_SPELLED))
    return "".join(letter for letter in apart if not unicodedata.combining(letter))


def _list_names(title: str) -> Iterator[str]:
    words = [word for word in _UNSAFE.split(_spell(strip_inline(title).lower())) if word]
    while words and not words[0][0].isalpha():
        words.pop(0)
    name = "-".join(words[:4])[:30].rstrip("-") or "section"
    yield name
    number = 1
    while True:
        number += 1
        yield f"{name}-{number}"
