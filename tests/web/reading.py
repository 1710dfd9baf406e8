"""Reading pages as a person or a program does: the text nodes, the links, what stands in which language."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser

_VOID = frozenset(("area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "wbr"))


@dataclass
class Element:
    tag: str
    attributes: dict[str, str] = field(default_factory=dict)


class Reader(HTMLParser):
    """Every element, and every text with the elements around it."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: list[Element] = []
        self.texts: list[tuple[str, tuple[Element, ...]]] = []
        self._open: list[Element] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        element = Element(tag, {name: value or "" for name, value in attrs})
        self.elements.append(element)
        if tag not in _VOID:
            self._open.append(element)

    def handle_endtag(self, tag: str) -> None:
        while self._open and self._open.pop().tag != tag:
            pass

    def handle_data(self, data: str) -> None:
        words = " ".join(data.split())
        if words:
            self.texts.append((words, tuple(self._open)))

    def links(self) -> Iterator[str]:
        return (element.attributes["href"] for element in self.elements if "href" in element.attributes)

    def ids(self) -> list[str]:
        return [element.attributes["id"] for element in self.elements if "id" in element.attributes]
