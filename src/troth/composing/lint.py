"""What mail programs lack of what an email's HTML uses, by the tests of caniemail.com.

A program that lacks something is no problem where the email loses nothing by it: `DEGRADES` says so of each feature
that our layout uses, with the reason. Everything else that some program lacks is found.
"""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from html.parser import HTMLParser
from pathlib import Path

_KNOWN = json.loads(Path(__file__).with_name("caniemail.json").read_text(encoding="utf-8"))
PROGRAMS: tuple[str, ...] = tuple(_KNOWN["programs"])
"""The mail programs that were tested."""
DEGRADES: Mapping[str, str] = {
    "html-style": "without the style sheet it is a plain page in the right order",
    "html-lang": "the words stay the same",
    "html-body": "its color is lost; the sheet has its own",
    "html-width": "the picture has its own width",
    "html-meta-color-scheme": "it stays light, or is darkened by the program",
    "css-at-media": "the margin around the sheet stays",
    "css-at-media-prefers-color-scheme": "it stays light",
    "css-border-radius": "corners are square",
    "css-overflow-wrap": "a long address scrolls",
    "css-white-space": "the number of a request may break at its hyphens",
    "css-text-decoration": "the button's words are underlined",
    "css-display-inline-block": "the button is as wide as its words",
}
"""Features of our layout that some programs lack → what a reader sees there."""
_TAGS = {
    **{f"h{level}": "html-h1-h6" for level in range(1, 7)},
    **dict.fromkeys(("ul", "ol", "li", "dl", "dt", "dd"), "html-lists"),
    **dict.fromkeys(("table", "thead", "tbody", "tr", "td", "th", "caption"), "html-table"),
    **dict.fromkeys(
        ("main", "section", "article", "header", "footer", "nav", "aside", "figure", "figcaption", "time"),
        "html-semantics",
    ),
    "input": "html-input-text",
    "button": "html-button-submit",
}
_AT = re.compile(r"@(media|import|font-face|keyframes|supports)\b([^{;]*)")
_DECLARED = re.compile(r"(?:^|[{;])\s*([a-z-]+)\s*:\s*([^;{}]+)", re.MULTILINE)


@dataclass(frozen=True)
class LackingFeature:
    """Something the email uses that mail programs lack."""

    title: str
    programs: tuple[str, ...]


def find_lacking(html: str) -> list[LackingFeature]:
    """What it uses that some program lacks and that does not degrade, each once."""
    reader = _Reader()
    reader.feed(html)
    used = dict.fromkeys((*reader.features, *(slug for css in reader.styles for slug in _read_css(css))))
    known = [(slug, _KNOWN["features"][slug]) for slug in used if slug in _KNOWN["features"] and slug not in DEGRADES]
    return [LackingFeature(each["title"], tuple(each["lacking"])) for _slug, each in known if each["lacking"]]


class _Reader(HTMLParser):
    """Gathers features by element and attribute, and the style sheets."""

    def __init__(self) -> None:
        super().__init__()
        self.features: list[str] = []
        self.styles: list[str] = []
        self._in_style = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.features.append(_TAGS.get(tag, f"html-{tag}"))
        self.features += [f"html-{name}" for name, _value in attrs if name != "style"]
        self.styles += [f"{{{value}}}" for name, value in attrs if name == "style"]
        self._in_style = tag == "style"

    def handle_endtag(self, tag: str) -> None:
        self._in_style = False

    def handle_data(self, data: str) -> None:
        if self._in_style:
            self.styles.append(data)


def _read_css(css: str) -> Iterator[str]:
    """The features of a style sheet, by rule, property and, of some, their value."""
    for rule, condition in _AT.findall(css):
        asked = re.search(r"prefers-[a-z-]+", condition)
        yield f"css-at-{rule}"
        if asked:
            yield f"css-at-media-{asked[0]}"
    for name, value in _DECLARED.findall(css):
        yield _name_property(name)
        yield f"css-{name}-{value.strip().split()[0]}"


def _name_property(name: str) -> str:
    """The feature of a property, or of the one that it is a part of: border of border-left."""
    parts = name.split("-")
    names = [f"css-{'-'.join(parts[:length])}" for length in range(len(parts), 0, -1)]
    return next((each for each in names if each in _KNOWN["features"]), names[0])
