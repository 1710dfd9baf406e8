"""Markdown as lawyers write it, as HTML: tables with line breaks, reference links, footnotes, pictures by their text.

The HTML is safe by construction: raw HTML is text, a picture is what its text says, links may not carry scripts. What
can't be shown is found by `list_signs`, so that no sign of Markdown is left on the page.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from html import escape
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token
from markdown_it.utils import EnvType, OptionsDict

Links = Mapping[str, Mapping[str, str]]
"""Label of a reference → its address and title, as `[label]: address` defines it anywhere in the document."""

_TEXT = "text"
_BREAK = re.compile(r"<br[ ]*/?>", re.IGNORECASE)
_NOTE = re.compile(r"\[\^([A-Za-z0-9-]{1,20})\](:?)")
_COMMENT = re.compile(
    r"^(?P<fence>`{3,}+|~{3,}+).*?^(?P=fence)[^\n]*$|<!--(?:.*?-->|(?P<open>.*))", re.MULTILINE | re.DOTALL
)
"""One that isn't closed takes the rest, which is then read once and stays as it is."""
_SIGN = re.compile(
    r"\*\*|(?<!_)__(?=\w)|~~|\]\(|\]\[|\[\[|\[\^|<!--|</?[a-z][^<>]*>|(?<!=)==(?=\w)|^:::|^: (?=\w)|&[a-z]{2,8};"
    r"|\{[#.][^}]*\}|^\[[ xX]\] |\$\$|(?<=\w)\^[\w+-]{1,12}\^|(?<=\w)~[\w+-]{1,12}~(?=\w)",
    re.IGNORECASE,
)
_SIGN_LETTER = re.compile(r"[*_~^\[\]<&{$\\`|\t]")
_LEADING_COLON = re.compile(r"(?:^|[\s>]):", re.MULTILINE)
_LETTERED = re.compile(r"^\s*(?:\([a-zA-Z0-9]{1,4}\)|[a-zA-Z]\))\s", re.MULTILINE)


def blank_comments(text: str) -> str:
    """The text with comments outside of fences taken out; every line keeps its number."""
    if "<!--" not in text:
        return text
    return _COMMENT.sub(_blank, text)


def _blank(found: re.Match[str]) -> str:
    stays = found["fence"] or found["open"] is not None
    return found[0] if stays else "\n" * found[0].count("\n")


def render(markdown: str, links: Links | None = None) -> str:
    """One paragraph, list or table as HTML."""
    return str(_reader().render(markdown, {"references": dict(links or {})})).strip()


def list_signs(markdown: str, links: Links | None = None, *, heading: bool = False) -> list[str]:
    """What of the Markdown would be on the page as it is written."""
    return _parse_signs(markdown, links, heading=heading) if _may_have_sign(markdown) else []


def _may_have_sign(markdown: str) -> bool:
    """Of any text that has one; in prose without one, most of it, nothing has to be parsed."""
    if _SIGN_LETTER.search(markdown) or "==" in markdown or "    " in markdown:
        return True
    return ":" in markdown and _LEADING_COLON.search(markdown) is not None


def _parse_signs(markdown: str, links: Links | None = None, *, heading: bool = False) -> list[str]:
    tokens = _reader().parse(markdown, {"references": dict(links or {})})
    found = [] if heading else [token for token in tokens if token.type == "code_block"]
    texts = [child for token in tokens for child in token.children or () if child.type == _TEXT]
    return [*("an indentation by four spaces" for _ in found), *(m[0] for text in texts for m in _find(text.content))]


def _find(text: str) -> Iterator[re.Match[str]]:
    return _SIGN.finditer(text)


def list_pictures(markdown: str) -> list[str]:
    """The text of each picture."""
    tokens = _reader().parse(markdown) if "![" in markdown else ()
    return [child.content for token in tokens for child in token.children or () if child.type == "image"]


def list_notes(markdown: str) -> tuple[list[str], list[str]]:
    """The footnotes that a text refers to, and those that it defines."""
    found = _NOTE.findall(markdown)
    return [label for label, colon in found if not colon], [label for label, colon in found if colon]


def is_lettered(markdown: str) -> bool:
    """Whether lines of one paragraph are counted by (a), (b): they would run into each other."""
    return len(_LETTERED.findall(markdown)) > 1


@cache
def _reader() -> MarkdownIt:
    reader = MarkdownIt("commonmark", {"html": False}).enable("table")
    reader.inline.ruler.before("link", "footnote", _read_note)
    reader.inline.ruler.before("html_inline", "break", _read_break)
    reader.add_render_rule("image", _render_picture)
    return reader


def _read_note(state: StateInline, silent: bool) -> bool:
    found = _NOTE.match(state.src, state.pos)
    if not found:
        return False
    if not silent:
        label, colon = found.groups()
        token = state.push("html_inline", "", 0)
        number = f'id="note-{label}">{label}' if colon else f'><a href="#note-{label}">{label}</a>'
        token.content = f"<sup{' ' if colon else ''}{number}</sup>"
    state.pos = found.end()
    return True


def _read_break(state: StateInline, silent: bool) -> bool:
    found = _BREAK.match(state.src, state.pos)
    if not found:
        return False
    if not silent:
        state.push("hardbreak", "br", 0)
    state.pos = found.end()
    return True


def _render_picture(self: RendererHTML, tokens: Sequence[Token], index: int, options: OptionsDict, env: EnvType) -> str:
    return escape(tokens[index].content)


def read_links(env: Mapping[str, Any]) -> dict[str, dict[str, str]]:
    """The references that a parsed document defines. A footnote of one word looks like one, and is none."""
    found = env.get("references", {})
    return {
        label: {"href": str(it["href"]), "title": str(it["title"])}
        for label, it in found.items()
        if not label.startswith("^")
    }
