"""A published page as one plain HTML file, for a site that runs elsewhere: no style, no script, every anchor."""

from collections.abc import Iterator
from html import escape

from .page import Page, PageProse, PageRules, PageSection

_HEADS = ("kind", "purpose", "choice", "kept")


def write_document(page: Page) -> str:
    """The whole document."""
    return "\n".join(
        [
            "<!doctype html>",
            f'<html lang="{escape(page.language)}" dir="{page.direction}"><head><meta charset="utf-8">',
            '<meta name="viewport" content="width=device-width, initial-scale=1">',
            f"<title>{escape(page.title)} · {escape(page.organization)}</title></head><body><main>",
            f"<p>{_label(page, 'version')} {page.version}, {_label(page, 'effective')} {page.effective.isoformat()}, "
            f"SHA-256 {page.sha256}</p>",
            *_changes(page),
            *(line for section in page.sections for line in _section(section, page)),
            "</main></body></html>\n",
        ]
    )


def _changes(page: Page) -> Iterator[str]:
    if page.compared_with is None:
        return
    yield f"<h2>{_label(page, 'changes')} {page.compared_with}</h2><ul>"
    for change in page.changes:
        yield f'<li><a href="#{escape(change.section)}">{escape(change.sentence)}</a></li>'
    yield "</ul>"


def _label(page: Page, name: str) -> str:
    return escape(page.labels[name])


def _section(section: PageSection, page: Page) -> Iterator[str]:
    level = min(section.level, 6)
    if section.written != section.anchor:
        yield f'<a id="{escape(section.written)}"></a>'
    yield f'<h{level} id="{escape(section.anchor)}">{escape(section.title)}</h{level}>'
    for part in section.parts:
        if isinstance(part, PageProse):
            yield part.html  # safe by construction, see page.py
        elif isinstance(part, PageRules):
            yield from _rules(part, page)


def _rules(part: PageRules, page: Page) -> Iterator[str]:
    if part.rows:
        yield (
            "<table><thead><tr>"
            + "".join(f'<th scope="col">{_label(page, head)}</th>' for head in _HEADS)
            + "</tr></thead><tbody>"
        )
        for row in part.rows:
            cells = (row.kind, row.purpose, row.choice, row.kept_for)
            yield "<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in cells) + "</tr>"
        yield "</tbody></table>"
    for sentence in (*part.bases, *part.given_to, *part.promises):
        yield f"<p>{escape(sentence)}</p>"
