"""Sentences of the policy's prose, without markup: the one place that knows where a sentence ends."""

import re
from functools import lru_cache

_BREAKS = re.compile(r"<br\s*/?>", re.IGNORECASE)
# Patterns that try much begin with the mark that all need: nothing else is tried at the letters between.
_MARKS = re.compile(
    r"(?=[\\\[!<*_`])(?:"
    r"\\([!-/:-@\[-`{-~])|\[\^[A-Za-z0-9-]{1,20}\]:?"
    # A bracket that isn't closed ends at the next one, so that no text is read again for each.
    r"|!?\[((?:[^\[\]]|\[[^\[\]]*+\])*+)\](?:\((?:[^()]|\([^()]*+\))*+\)|\[[^\[\]]*+\])|<(https?:[^<>]*+)>"
    r"|(?<!\s)\*{1,3}|\*{1,3}(?!\s)|(?<!\w)_{1,2}|_{1,2}(?!\w)|`)"
)
_PICTURE = re.compile(r"(?<!\\)!\[([^\[\]]*+)\](?:\((?:[^()]|\([^()]*+\))*+\)|\[[^\[\]]*+\])")
_LINE_MARKS = re.compile(r"^[ \t]*(?:[-*+]|\d+[.)]|>|\|)[ \t]+", re.MULTILINE)
_ITEM = re.compile(r"^\s*(?:(?:[-*+]|\d+[.)])\s+|\|\s*)", re.MULTILINE)
_RULE = re.compile(r"^\s*\|(?:\s*:?-+:?\s*\|)+[ \t]*$\n?", re.MULTILINE)
"""What divides the head of a table from its rows."""
_ENTRY = re.compile(r"^\s*(?:(?:[-*+]|[\d.]+\)?)\s+)*\[[^\]\n]*\]\(#[^)\s]*\)\s*$\n?", re.MULTILINE)
# Scripts without capitals begin a sentence with any letter; those without spaces end one by its mark alone.
_CASELESS = "\u0590-\u08ff\u0900-\u0dff\u0e00-\u109f\u1780-\u17ff"
_MARK = "[.!?۔؟।॥]"
_SHORT = "".join(
    rf"(?<!\b{word}{_MARK})"
    for word in ("Dr", "Mr", "Mrs", "Ms", "Prof", "St", "Art", "Sec", "No", "Nos", "Cal", "Civ", "Attn", "Abs", "Nr")
)
"""A point behind one of these ends no sentence."""
_MONTHS = "Januar|Jänner|Februar|März|April|Mai|Juni|Juli|August|September|Oktober|November|Dezember"
_STOP = re.compile(
    rf"[.!?۔؟।॥。！？](?:(?<={_MARK}){_SHORT}(?!(?<=\d\.)\s+(?:{_MONTHS})\b)[\"'”’)»]*(?=\s+[\"'“‘(«]?[A-Z0-9\u00c0-\u00de\u0400-\u042f{_CASELESS}])"
    r"|(?<=[。！？])[」』）]*(?=\s*\S))"
)


@lru_cache(maxsize=4096)
def strip_markdown(markdown: str) -> str:
    """The text of Markdown without markup, white space collapsed."""
    return strip_inline(_LINE_MARKS.sub("", markdown))


def strip_inline(markdown: str) -> str:
    """As `strip_markdown`, for one line whose beginning is no mark: the number of a heading stays."""
    # A picture within a link is its text, before the link is.
    text = _PICTURE.sub(r"\1", markdown) if "![" in markdown else markdown
    return " ".join(_MARKS.sub(r"\1\2\3", _BREAKS.sub(" ", text)).split())


def strip_contents(markdown: str) -> str:
    """The text without the lines of a table of contents: those that only lead to a section."""
    return _ENTRY.sub("", markdown) if "](#" in markdown else markdown


def split_items(markdown: str) -> list[str]:
    """A paragraph, each item of a list, or each row of a table, without markup. Cells are divided by " | "."""
    pieces = _ITEM.split(_RULE.sub("", markdown))
    return [words for item in pieces if (words := strip_markdown(item).removesuffix("|").rstrip())]


def find_head(markdown: str) -> str:
    """The row above the rule of a table, without markup; empty where there is no table."""
    rule = _RULE.search(markdown)
    return split_items(markdown[: rule.start()])[-1] if rule and markdown[: rule.start()].strip() else ""


def split_sentences(words: str) -> list[str]:
    """The sentences of a text without markup, in order."""
    return [words[start:end].strip() for start, end in _list_spans(words)]


def _list_spans(words: str) -> list[tuple[int, int]]:
    ends = [stop.end() for stop in _STOP.finditer(words)]
    return list(zip([0, *ends], [*ends, len(words)], strict=True))


@lru_cache(maxsize=4096)
def list_sentences(markdown: str) -> tuple[str, ...]:
    """The sentences of a paragraph, of each item of a list, or of each row of a table, without markup."""
    return tuple(sentence for item in split_items(markdown) for sentence in split_sentences(item))


def first_sentence(markdown: str) -> str:
    """The first sentence of a text, without markup."""
    words = strip_markdown(markdown)
    stop = _STOP.search(words)
    return words[: stop.end()] if stop else words


def find_around(words: str, wanted: str) -> str:
    """The whole sentences that hold `wanted`; empty where the text doesn't hold it."""
    at = words.find(wanted)
    if not wanted or at < 0:
        return ""
    held = [words[start:end].strip() for start, end in _list_spans(words) if start < at + len(wanted) and end > at]
    return " ".join(held)
