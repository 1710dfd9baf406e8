"""Blocks as HTML and as text: one layout for both, without style attributes, scripts or remote pictures."""

from collections.abc import Callable, Iterable

from django.template.defaultfilters import linebreaksbr
from django.utils.formats import date_format
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from troth.composing.grammar import Composed, EmailBlock, Text
from troth.markup import format_html, format_html_join
from troth.outbox.pictures import address_of


def to_html(composed: Composed, *, base: str, show: Callable[[str], str] = address_of) -> SafeString:
    """The body. Addresses on our site become whole ones.

    Takes   base: the site's address; show: the address of a picture by its name, in an email or on a page."""
    made: list[SafeString] = []
    items: list[SafeString] = []
    for block in composed.blocks:
        if block.what == "item":
            items.append(format_html("<li>{}</li>", _inline(block.texts, base)))
            continue
        if items:
            made.append(_list(items))
            items = []
        made.append(_block(block, base, show))
    if items:
        made.append(_list(items))
    return format_html_join("\n", "{}", ((each,) for each in made))


def to_text(composed: Composed, *, base: str) -> str:
    """The same for people who read plain text."""
    return "\n\n".join(_text_of(block, base) for block in composed.blocks).replace("\n\n- ", "\n- ")


def _list(items: Iterable[SafeString]) -> SafeString:
    return format_html("<ul>{}</ul>", format_html_join("", "{}", ((item,) for item in items)))


def _block(block: EmailBlock, base: str, show: Callable[[str], str]) -> SafeString:
    match block.what:
        case "heading":
            return format_html("<h2>{}</h2>", _inline(block.texts, base))
        case "divider":
            return format_html("<{}>", "hr")
        case "picture":
            return format_html('<p><img src="{}" alt="{}" width="480"></p>', show(block.address), block.words)
        case "product":
            return format_html('<p><a href="{}">{}</a></p>', base + block.address, block.words)
        case "event":
            return format_html("<p><strong>{}</strong><br>{}</p>", _day(block), _inline(block.texts, base))
    return format_html("<p>{}</p>", _inline(block.texts, base))


def _inline(texts: Iterable[Text], base: str) -> SafeString:
    return format_html_join("", "{}", ((_run(text, base),) for text in texts))


def _run(text: Text, base: str) -> SafeString:
    words = linebreaksbr(text.words)
    if text.strong:
        words = format_html("<strong>{}</strong>", words)
    if text.emphasis:
        words = format_html("<em>{}</em>", words)
    return format_html('<a href="{}">{}</a>', _whole(text.address, base), words) if text.address else words


def _text_of(block: EmailBlock, base: str) -> str:
    words = "".join(
        f"{text.words} ({_whole(text.address, base)})" if text.address else text.words for text in block.texts
    )
    match block.what:
        case "heading":
            return f"{words}\n{'-' * len(words)}"
        case "divider":
            return "* * *"
        case "item":
            return f"- {words}"
        case "picture":
            return _("[Picture: %(words)s]") % {"words": words}
        case "product":
            return f"{words}: {base}{block.address}"
        case "event":
            return f"{_day(block)}\n{words}"
    return words


def _day(block: EmailBlock) -> str:
    pattern = pgettext("date format: Wed, Dec 9, 2026", "D, M j, Y")
    return date_format(block.on, pattern) if block.on else ""


def _whole(address: str, base: str) -> str:
    return base + address if address.startswith("/") else address
