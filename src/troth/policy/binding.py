"""Checks that rules and prose agree: quotations, confirmed hashes, stated times."""

import re
from dataclasses import dataclass

from .fields import Fields
from .findings import Report
from .grammar import Block, Document, Group, parse
from .reading import Terms
from .sentences import strip_markdown
from .source import Node, decode, plain
from .terms import Duration

_NUMBERS = {
    "one": 1,
    "two": 2,
    "three": 3,
    "four": 4,
    "five": 5,
    "six": 6,
    "seven": 7,
    "eight": 8,
    "nine": 9,
    "ten": 10,
    "twelve": 12,
    "fourteen": 14,
    "fifteen": 15,
    "twenty": 20,
    "thirty": 30,
    "forty-five": 45,
    "sixty": 60,
    "ninety": 90,
}
_NUMBER_WORDS = "|".join(sorted(_NUMBERS, key=len, reverse=True))
_TIMES = re.compile(
    rf"\b(\d{{1,5}}|{_NUMBER_WORDS})[\s-]+(hour|day|business day|week|month|year)s?\b",
    re.IGNORECASE,
)
_LONG_WORD = re.compile(r"[^\W\d_]{4,}")
_QUOTES = str.maketrans("‘’“”\u00a0", "''\"\" ")


def keeps(block: Block) -> tuple[str, ...]:
    """The quotes that a block keeps."""
    for key, value in block.node.pairs or ():
        if key.text == "keeps":
            nodes = value.items if value.items is not None else [value]
            return tuple(" ".join(node.text.split()) for node in nodes if node.text)
    return ()


def check_binding(document: Document, terms: Terms, report: Report) -> None:
    """Reports quotations that are not in the prose, unconfirmed paragraphs, and times that differ from the prose."""
    for heading, group in document.groups:
        prose = strip_markdown(group.text).translate(_QUOTES)
        for block in group.blocks:
            fields = Fields(block.node, f"{block.type} {block.id}", report)
            for quote in fields.nodes("keeps"):
                if strip_markdown(quote.text or "").translate(_QUOTES) not in prose:
                    report.add("quote-not-in-prose", quote, quote=quote.text)
            if block is not group.blocks[0] and fields.has("words"):
                report.add("words-misplaced", fields.place("words"))
            if group.prose and not keeps(block):
                _check_said(block, f"{heading.title} {prose}", terms, report)
        _check_hash(group, report)
    _check_times(document, terms, report)


def _check_said(block: Block, prose: str, terms: Terms, report: Report) -> None:
    """A rule without quotations must share at least one word with its prose."""
    if _stems(_describe(block, terms)).isdisjoint(_stems(prose)):
        report.add("rule-unsaid", block, type=block.type, id=block.id)


def _describe(block: Block, terms: Terms) -> str:
    """A rule's own words: its title or duty, its id, and the titles of its kinds."""
    fields = Fields(block.node, "", Report([]))
    kinds = [*fields.texts("needs"), *fields.texts("may use"), *fields.texts("kinds")]
    titles = [terms.kinds[kind].title for kind in kinds if kind in terms.kinds]
    return " ".join((block.id, fields.text("title", default=""), fields.text("duty", default=""), *titles))


def _stems(text: str) -> set[str]:
    return {word[:4] for word in _LONG_WORD.findall(text.lower())}


def _check_hash(group: Group, report: Report) -> None:
    if not group.blocks or not group.prose:
        return
    first = group.blocks[0]
    node = Fields(first.node, "", report).value("words")
    if node is None or (node.text or "").strip() != group.binding_hash:
        known = (node.text or "something else") if node else "nothing"
        report.add(
            "binding-not-confirmed",
            group.prose[0] if node else first,
            hash=group.binding_hash,
            known=known,
        )


def _check_times(document: Document, terms: Terms, report: Report) -> None:
    for _, group in document.groups:
        said = {
            Duration.read(f"{_NUMBERS.get(number.lower(), number)} {unit.lower()}")
            for number, unit in _TIMES.findall(group.text)
        } - {None}
        for block in group.blocks if said else ():
            time, field = _time_of(block, terms)
            if time and time.number and not any(_same(time, other) for other in said):
                place = terms.gathered.places.get((block.type, block.id, field), block)
                report.add(
                    "time-not-in-prose",
                    place,
                    time=time,
                    said=", ".join(sorted(map(str, said))),
                )


def _same(time: Duration, other: Duration | None) -> bool:
    return time == other or (
        other is not None
        and (
            time.unit in ("month", "year")
            and other.unit in ("month", "year")
            and round(_months(time) - _months(other)) == 0
        )
    )


def _months(time: Duration) -> float:
    return time.number * (12 if time.unit == "year" else 1)


def _time_of(block: Block, terms: Terms) -> tuple[Duration | None, str]:
    if block.type == "kind":
        return terms.kinds[block.id].kept.time, "kept"
    if block.type == "cookie":
        return terms.cookies[block.id].lifetime, "lifetime"
    if block.type == "promise":
        promise = terms.promises[block.id]
        return promise.within or promise.at_most, "clock" if promise.within else "limit"
    return None, ""


@dataclass(frozen=True, slots=True)
class Confirmation:
    """One paragraph that `confirm` confirms: the rule block at `line` and its present prose."""

    rule: str
    section: str
    line: int
    prose: str
    before: str
    binding_hash: str


def confirmations(text: str) -> tuple[Confirmation, ...]:
    """The paragraphs that are not confirmed, with the prose to read before confirming."""
    return tuple(found for found, _ in _list_unconfirmed(plain(text)))


def confirm(text: str) -> str:
    """The text with the hash of each paragraph written into its first rule block; everything else is unchanged."""
    return_carriage = "\r\n" in text
    start = "\ufeff" if text.startswith("\ufeff") else ""
    lines = plain(text).split("\n")
    for found, node in reversed(_list_unconfirmed(plain(text))):
        if node is None:
            lines.insert(found.line, _indent(lines[found.line - 1]) + f"words: {found.binding_hash}")
        else:
            line = lines[node.line - 1]
            key = line[: line.index("words") + len("words")]
            lines[node.line - 1] = f"{key}: {found.binding_hash}"
    return start + ("\r\n" if return_carriage else "\n").join(lines)


def _indent(line: str) -> str:
    return line[: len(line) - len(line.lstrip())]


def _list_unconfirmed(text: str) -> list[tuple[Confirmation, Node | None]]:
    readable, report = decode(text)
    found = []
    for heading, group in parse(readable, report).groups if readable is not None else ():
        if not group.blocks or not group.prose:
            continue
        first = group.blocks[0]
        node = Fields(first.node, "", report).value("words")
        known = (node.text or "").strip() if node else ""
        if known != group.binding_hash:
            confirmation = Confirmation(
                f"{first.type} {first.id}",
                heading.anchor,
                first.line,
                strip_markdown(group.text),
                known,
                group.binding_hash,
            )
            found.append((confirmation, node if node and node.text is not None else None))
    return found
