"""Addresses of pages inside a text, as mail programs see them: they make a link of each, whoever wrote it."""

import re
import unicodedata
from functools import cache

from publicsuffixlist import PublicSuffixList

from troth.text.signs import plain

_SCHEME = re.compile(
    r"[a-z][a-z0-9+.-]{1,30}:/{1,}|\b(?:https?|hxxps?|ftp|mailto|javascript|data|tel|sms|whatsapp|file|skype|callto):\S"
)
_WWW = re.compile(r"(?<![\w.])www\d?\.\S")
_NUMBERS = re.compile(r"(?<![\d.])\d{1,3}(?:\.\d{1,3}){3}(?:[:/]\S|(?![\d.]))")
_DOMAIN = re.compile(r"(?<![\w-])[\w-]++(?:\.[\w-]++)+")
_OUR_OWN = frozenset({"example", "test", "invalid", "localhost", "local", "onion", "internal"})
"""Endings that no registry sells, and that mail programs link to all the same."""

_ABBREVIATIONS = frozenset({"co.ltd", "dr.med", "dr.ing"})
"""What stands in many names without its space."""


def holds_page_address(text: str) -> bool:
    """True if a mail program could turn a part of the text into a link: a scheme, www., a domain, an email address."""
    shown = plain(unicodedata.normalize("NFKC", text)).casefold().translate(_DOTS)
    if _SCHEME.search(shown) or _WWW.search(shown) or _NUMBERS.search(shown):
        return True
    return any(_is_linked(shown, found) for found in _DOMAIN.finditer(shown))


_DOTS = {ord(dot): "." for dot in "\u3002\uff0e\uff61\u2024"}


def _is_linked(shown: str, found: "re.Match[str]") -> bool:
    before, after = shown[: found.start()], shown[found.end() : found.end() + 2]
    domain = found[0].strip("-_")
    ending = domain.rpartition(".")[2]
    if len(ending) < 2 or domain in _ABBREVIATIONS:
        return False
    # Beside a sign that only addresses have, the ending needs not be a known one.
    beside = before.endswith(("@", "//")) or after[:1] == "/" or (after[:1] == ":" and after[1:2].isdigit())
    return beside or ending in _OUR_OWN or _is_sold(domain)


def _is_sold(domain: str) -> bool:
    return bool(_suffixes().publicsuffix(domain))


@cache
def _suffixes() -> PublicSuffixList:
    return PublicSuffixList(accept_unknown=False, only_icann=True)
