"""HTML and DOCX as Markdown.

mammoth makes HTML of DOCX by the styles that Word gives to headings and lists. nh3 parses HTML as a browser does, and
leaves headings, paragraphs, lists, tables, emphasis and links. markdownify writes these as Markdown.
"""

from io import BytesIO
from typing import Any
from zipfile import ZipFile

import mammoth
import nh3
from markdownify import MarkdownConverter

_TAGS = {
    *("h1", "h2", "h3", "h4", "h5", "h6", "p", "br", "blockquote", "ul", "ol", "li"),
    *("table", "thead", "tbody", "tr", "th", "td", "strong", "b", "em", "i", "a"),
}
_AROUND = {"head", "nav", "header", "footer", "aside", "script", "style", "title", "form"}
"""What is around the text of a page, or isn't text."""
_MOST_UNPACKED = 50_000_000


class DocumentTooLarge(ValueError):
    """The document unpacks to more than 50 MB."""


def from_docx(source: bytes) -> str:
    """The Markdown of a Word document.   Raises  DocumentTooLarge; for a broken one, whatever the libraries raise."""
    with ZipFile(BytesIO(source)) as archive:
        if sum(each.file_size for each in archive.infolist()) > _MOST_UNPACKED:
            raise DocumentTooLarge
    return from_html(str(mammoth.convert_to_html(BytesIO(source)).value))


def from_html(html: str) -> str:
    """The Markdown of a page's text, without what is around it."""
    clean = nh3.clean(html, tags=_TAGS, clean_content_tags=_AROUND, attributes={"a": {"href"}}, link_rel=None)
    return _WRITER.convert(clean).strip() + "\n"


class _Writer(MarkdownConverter):
    def escape(self, text: str, parent_tags: Any) -> str:
        """A bar within a cell is no border of it."""
        words = str(super().escape(text, parent_tags))  # type: ignore[misc]  # its stub leaves the method out
        return words.replace("|", "\\|") if "td" in parent_tags or "th" in parent_tags else words


_WRITER = _Writer(heading_style="atx", bullets="-", autolinks=False, escape_misc=False, table_infer_header=True)
