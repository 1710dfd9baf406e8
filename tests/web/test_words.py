"""Every word that the program says goes through the message catalogs: a catalog of marked words leaves none unmarked.

The site's own words (products, policy) carry `lang`, because they are written in the language of the site. So a text
that is neither marked nor inside such an element was forgotten.
"""

import gettext
import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.utils import translation
from django.utils.translation import trans_real
from tests.visits import visitor
from tests.web.reading import Element, Reader

LANGUAGE = "eo"
OPEN, CLOSE = "⟦", "⟧"
PAGES = (
    "/",
    "/products/",
    "/products/?q=nothing-has-this-name",
    "/products/optipro-process/",
    "/policy",
    "/policy/versions",
    "/cookies/",
    "/privacy-choices/",
    "/nothing-here",
)
# Proper names, and what is the same in every language.
_NAMES = re.compile(
    r"Global Privacy Control|Do Not Track|Chrome, Edge|Firefox|Safari|troth|OptiProERP"
    r"|[\w.+-]+@[\w.-]+|[0-9a-f]{64}|#\w[\w-]*|[$€£][\d.,]+|\d+(\.\d+)+|\d{1,2} \S+ \d{4}(, \d\d:\d\d \w+)?"
)


_CODE = ("code", "pre", "time", "head")


class Marked(gettext.NullTranslations):
    """Says every message in brackets."""

    def gettext(self, message: str) -> str:
        message = message.rpartition("\x04")[2]  # what stands before is the context
        # Patterns of dates are for the program, not for people.
        return message if re.fullmatch(r"[DjMYFHi:T, ]+", message) else f"{OPEN}{message}{CLOSE}"

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        return self.gettext(msgid1 if n == 1 else msgid2)


@pytest.fixture
def marked(site: Any, monkeypatch: pytest.MonkeyPatch, settings: Any) -> Iterator[None]:
    settings.LANGUAGES = [("en", "English"), (LANGUAGE, "Marked")]
    monkeypatch.setitem(vars(trans_real)["_translations"], LANGUAGE, MarkedCatalog())
    yield
    translation.activate("en")


class MarkedCatalog(Marked):
    """What Django asks of a catalog beyond the standard library's."""

    domain = "django"

    def to_language(self) -> str:
        return LANGUAGE

    def language(self) -> str:
        return LANGUAGE


@pytest.mark.parametrize("address", PAGES)
def test_no_word_of_the_program_and_no_name_of_an_element_is_forgotten(marked: None, address: str) -> None:
    response = visitor().get(address, headers={"accept-language": LANGUAGE})
    reader = Reader(response.content.decode())
    assert reader.elements[0].attributes["lang"] == LANGUAGE
    forgotten = [words for words in _unmarked(reader) if re.search(r"[^\W\d_]{2}", _NAMES.sub("", words))]
    assert forgotten == []
    named = [(each.attributes, name) for each in reader.elements for name in ("aria-label", "data-th")]
    names = [attributes[name] for attributes, name in named if name in attributes]
    assert [name for name in names if OPEN not in name and not name.startswith("#")] == []


def _unmarked(reader: Reader) -> Iterator[str]:
    """What stands outside the brackets, which may open in one text and close in a later one."""
    inside = 0
    for words, around in reader.texts:
        outside = []
        for part in re.split(f"([{OPEN}{CLOSE}])", words):
            inside += {OPEN: 1, CLOSE: -1}.get(part, 0)
            if not inside and part != CLOSE:
                outside.append(part)
        if not _foreign(around):
            yield from (part for part in outside if part.strip())


def test_a_forgotten_word_is_found() -> None:
    page = "<html lang=eo><p>⟦Known⟧ <b>forgotten</b></p><p lang=en>Product</p><p>⟦open <i>still</i> on⟧ after</p>"
    assert list(_unmarked(Reader(page))) == ["forgotten", " after"]


def _foreign(around: tuple[Element, ...]) -> bool:
    """Whether a text stands in the site's own language, or is code."""
    return any(each.tag in _CODE or (each.tag != "html" and "lang" in each.attributes) for each in around)
