"""HTML of a mail, made harmless: what is shown loads nothing, runs nothing and says where its links lead."""

import html
import re

import nh3

from troth.collection.mailbox.parser.caps import MOST_HTML_CHARS, MOST_NESTING, MOST_TAGS
from troth.collection.mailbox.parser.decoding import clean


def _list_names(text: str) -> frozenset[str]:
    return frozenset(text.split())


_TAGS = _list_names(
    "a abbr b blockquote br caption center code dd del div dl dt em figure figcaption h1 h2 h3 h4 h5 h6 "
    "hr i ins kbd li ol p pre q s samp small span strong sub sup table tbody td tfoot th thead tr u ul "
)
_ATTRIBUTES = {"a": {"href"}, "td": {"colspan", "rowspan"}, "th": {"colspan", "rowspan"}, "ol": {"start"}}
_DROPPED = frozenset({"script", "style", "title", "head", "template", "noscript", "iframe", "object", "svg", "math"})
_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]{0,20})")
_VOID = _list_names("br hr img input meta link area base col embed source track wbr p li td tr th dd dt option ")
_LEFT_OUT = {
    "images": ("<img", "<image", "background=", "background-image", "url("),
    "scripts": ("<script", "javascript:", " onload=", " onclick=", " onerror=", " onmouseover="),
    "forms": ("<form", "<input", "<button", "<select", "<textarea"),
    "frames": ("<iframe", "<frame", "<object", "<embed", "<applet"),
}
_CLEANER = nh3.Cleaner(
    tags=set(_TAGS),
    clean_content_tags=set(_DROPPED),
    attributes={tag: set(names) for tag, names in _ATTRIBUTES.items()},
    url_schemes={"http", "https", "mailto", "tel"},
    link_rel="noopener noreferrer nofollow",
    strip_comments=True,
)
_ANY_TAG = re.compile(r"<(/?)([a-z][a-z0-9]*)[^>]*>")
_CELLS, _ITEM = frozenset({"td", "th"}), "li"
_BLOCKS = _list_names(
    "blockquote br caption center dd div dl dt figure figcaption h1 h2 h3 h4 h5 h6 hr li ol p pre table tr ul "
)
_QUOTE = "blockquote"
_SPACE = re.compile(r"[ \t\r\n\f]+")
_MANY_BREAKS = re.compile(r"\n{3,}")


def is_readable(page: str) -> bool:
    """Whether its size and nesting are those of a page, and not of an attempt on the parser."""
    if len(page) > MOST_HTML_CHARS:
        return False
    if page.count("<") <= MOST_NESTING:
        return True
    depth = 0
    for count, match in enumerate(_TAG.finditer(page)):
        if match[2].lower() not in _VOID:
            depth = max(0, depth - 1) if match[1] else depth + 1
        if depth > MOST_NESTING or count > MOST_TAGS:
            return False
    return True


def make_harmless(page: str) -> str:
    return _CLEANER.clean(page)


def list_left_out(page: str) -> list[str]:
    """What the mail had and is not shown."""
    low = page.lower()
    return [what for what, marks in _LEFT_OUT.items() if any(mark in low for mark in marks)]


def as_text(harmless: str) -> str:
    """What someone reads of it, with quoted text marked as in plain mail. Takes  HTML that was made harmless."""
    lines, depth, at = [""], 0, 0
    for match in _ANY_TAG.finditer(harmless):
        lines[-1] += _SPACE.sub(" ", html.unescape(harmless[at : match.start()]))
        at, closing, tag = match.end(), bool(match[1]), match[2]
        if tag in _CELLS and closing:
            lines[-1] += "  "
        elif tag in _BLOCKS and (lines[-1].strip("> ") or tag == "br"):
            lines.append("> " * depth)
        if tag == _QUOTE:
            depth = max(0, depth + (-1 if closing else 1))
            lines[-1] = "> " * min(depth, 9)
        elif tag == _ITEM and not closing:
            lines[-1] += "- "
        elif tag == "p" and closing:
            lines.append("> " * depth)
    lines[-1] += _SPACE.sub(" ", html.unescape(harmless[at:]))
    return _MANY_BREAKS.sub("\n\n", clean("\n".join(line.rstrip() for line in lines))).strip("\n")


def strip_tags(page: str) -> str:
    """The words alone, of what no parser should be given."""
    kept = re.sub(r"<(script|style)\b.{0,100000}?</\1", " ", page, flags=re.IGNORECASE | re.DOTALL)
    return clean(re.sub(r"<[^<>]{0,2000}>", " ", kept))
