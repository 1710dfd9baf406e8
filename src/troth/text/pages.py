"""Addresses of pages inside a text, as mail programs see them: they make a link of each, no matter who wrote it."""

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
"""What is in many names without its space."""


_TITLES = frozenset(
    {
        "dr",
        "prof",
        "mr",
        "mrs",
        "ms",
        "st",
        "ste",
        "sr",
        "sra",
        "jr",
        "ing",
        "dipl",
        "mag",
        "rev",
        "fr",
        "hr",
        "no",
        "ltd",
        "inc",
        "co",
        "corp",
        "llc",
        "gmbh",
        "pty",
        "bros",
        "mfg",
    }
)
"""What is before a dot in a name: Dr.Li, Ltd.Co."""
_COUNTRYS = 2
"""Letters of a country's ending. No stranger gets a domain of one letter or of a title there."""


def holds_page_address(text: str, *, domains: bool = True) -> bool:
    """True if a mail program could turn a part of the text into a link: a scheme, www., a domain, an email address.

    Takes   domains: False where a bare domain is a name, as in Amazon.com Inc.; not with a path, a port or an @"""
    folded = plain(unicodedata.normalize("NFKC", text)).casefold()
    shown = folded.translate(_DOTS)
    if _SCHEME.search(shown) or _WWW.search(shown) or _NUMBERS.search(shown):
        return True
    disguised = shown != folded  # no company writes its dot in another alphabet
    return any(
        _is_beside(shown, found) or ((domains or disguised) and _is_linked(found[0].strip("-_")))
        for found in _DOMAIN.finditer(shown)
    )


_DOTS = {ord(dot): "." for dot in "\u3002\uff0e\uff61\u2024"}


def _is_beside(shown: str, found: "re.Match[str]") -> bool:
    """Whether the domain is beside a sign that only addresses have: its ending needs not be a known one then."""
    before, after = shown[max(0, found.start() - 2) : found.start()], shown[found.end() : found.end() + 2]
    domain = found[0].strip("-_")
    if len(domain.rpartition(".")[2]) < _COUNTRYS or domain in _ABBREVIATIONS:
        return False
    return before.endswith(("@", "//")) or after[:1] in ("/", "@") or (after[:1] == ":" and after[1:2].isdigit())


def _is_linked(domain: str) -> bool:
    ending = domain.rpartition(".")[2]
    if len(ending) < _COUNTRYS or domain in _ABBREVIATIONS or _is_abbreviated(domain):
        return False
    return ending in _OUR_OWN or _is_sold(domain)


def _is_abbreviated(domain: str) -> bool:
    """An initial, a title or “Ltd.” before the dot, without the space behind it: Anna M.de Vries."""
    *before, ending = domain.split(".")
    return len(ending) == _COUNTRYS and all(len(each) == 1 or each in _TITLES for each in before)


def _is_sold(domain: str) -> bool:
    return bool(_suffixes().publicsuffix(domain))


@cache
def _suffixes() -> PublicSuffixList:
    return PublicSuffixList(accept_unknown=False, only_icann=True)
