"""Checks that rules belong to their prose: quotations and confirmed hashes."""

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from itertools import accumulate

from .fields import Fields
from .findings import Report
from .grammar import Block, Document, Group, parse
from .lexicon import Lexicon
from .reading import Terms
from .sentences import split_items, split_sentences, strip_markdown
from .source import Node, decode, plain
from .words import list_stems

_ENDS = re.compile(r"[.!?:。！？।][\"')]*$")
_QUOTES = str.maketrans("‘’“”\u00a0", "''\"\" ")


def check_binding(document: Document, terms: Terms, lexicon: Lexicon | None, report: Report) -> None:
    """Reports quotations that are not in the prose or cut its sense, and unconfirmed paragraphs."""
    groups = [group for _, group in document.groups if group.blocks and group.prose]
    unconfirmed = len(groups) > 1 and not any(_find_hash(group) for group in groups)
    if unconfirmed:
        report.add("nothing-confirmed", groups[0].blocks[0], number=len(groups))
    for heading, group in document.groups:
        items = [item for part in group.text.split("\n\n") for item in split_items(part.translate(_QUOTES))]
        prose, starts = " ".join(items), {0, *accumulate(len(item) + 1 for item in items)}
        for block in group.blocks:
            fields = Fields(block.node, f"{block.type} {block.id}", report)
            for quote in fields.nodes("keeps"):
                _check_quotation(quote, prose, starts, lexicon, report)
            if block is not group.blocks[0] and fields.has("words"):
                report.add("words-misplaced", fields.place("words"))
            if group.prose and not block.keeps:
                _check_said(block, f"{heading.title} {prose}", terms, report)
        if not unconfirmed:
            _check_hash(group, report)


def _check_quotation(quote: Node, prose: str, starts: Collection[int], lexicon: Lexicon | None, report: Report) -> None:
    """`starts`: where a paragraph, an item or a row begins in the prose."""
    words = strip_markdown(quote.text or "").translate(_QUOTES)
    found = [*_find_all(words, prose)]
    before = ["" if at in starts else _lead_in(prose[:at]) for at in found]
    if not before:
        report.add("quote-not-in-prose", quote, quote=quote.text)
    elif lexicon and not any(_opens(text, words, lexicon) for text in before):
        report.add("quote-mid-sentence", quote, quote=quote.text, before=before[0].split()[-1])
    elif lexicon and not lexicon.subject.match(words) and all(lexicon.negation.search(text) for text in before):
        report.add("quote-behind-negation", quote, quote=quote.text, before=before[0])


def _find_all(words: str, prose: str) -> Iterator[int]:
    """Where the words are, without a regular expression of each quotation."""
    at = prose.find(words)
    while at >= 0:
        yield at
        at = prose.find(words, at + max(1, len(words)))


def _lead_in(before: str) -> str:
    """What comes before a quotation in its sentence; "" if it begins one."""
    parts = split_sentences(before)
    return "" if not parts or _ENDS.search(parts[-1]) else parts[-1]


def _opens(before: str, words: str, lexicon: Lexicon) -> bool:
    """Whether a clause begins with these words."""
    before = before.rstrip()
    return (
        not before or not before[-1].isalnum() or bool(lexicon.opening.search(before) or lexicon.speaking.match(words))
    )


def _check_said(block: Block, prose: str, terms: Terms, report: Report) -> None:
    """A rule without quotations must share at least one word with its prose."""
    if list_stems(_describe(block, terms), least=4).isdisjoint(list_stems(prose, least=4)):
        report.add("rule-unsaid", block, type=block.type, id=block.id)


def _describe(block: Block, terms: Terms) -> str:
    """A rule's own words: its title or duty, its id, and the titles of its kinds."""
    fields = Fields(block.node, "", Report([]))
    kinds = [*fields.texts("needs"), *fields.texts("may use"), *fields.texts("kinds")]
    titles = [terms.kinds[kind].title for kind in kinds if kind in terms.kinds]
    return " ".join((block.id, fields.text("title", default=""), fields.text("duty", default=""), *titles))


def _find_hash(group: Group) -> Node | None:
    return Fields(group.blocks[0].node, "", Report([])).value("words")


def _check_hash(group: Group, report: Report) -> None:
    if not group.blocks or not group.prose:
        return
    first, node = group.blocks[0], _find_hash(group)
    if node is None or (node.text or "").strip() != group.binding_hash:
        known = (node.text or "something else") if node else "nothing"
        report.add(
            "binding-not-confirmed",
            group.prose[0] if node else first,
            hash=group.binding_hash,
            known=known,
        )


@dataclass(frozen=True, slots=True)
class Confirmation:
    """One paragraph that `confirm` confirms: the rule block at `line` and its present prose."""

    rule: str
    section: str
    line: int
    prose: str
    before: str
    binding_hash: str
    rules: tuple[str, ...] = ()


def confirmations(text: str) -> tuple[Confirmation, ...]:
    """The paragraphs that are not confirmed, with the prose to read before confirming."""
    return tuple(found for found, _ in _list_unconfirmed(plain(text)))


def confirm(text: str, *, only: Collection[int] | None = None) -> str:
    """The text with the hash of each paragraph written into its first rule block; everything else is unchanged.

    Takes   only: the lines of the `confirmations` that are meant; without it, of all
    """
    return_carriage = "\r\n" in text
    start = "\ufeff" if text.startswith("\ufeff") else ""
    lines = plain(text).split("\n")
    for found, node in reversed(_list_unconfirmed(plain(text))):
        if only is not None and found.line not in only:
            continue
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
                heading.written,
                first.line,
                strip_markdown(group.text),
                known,
                group.binding_hash,
                tuple(block.source.rstrip("\n") for block in group.blocks),
            )
            found.append((confirmation, node if node and node.text is not None else None))
    return found
