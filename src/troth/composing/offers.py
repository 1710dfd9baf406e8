"""What looks like marketing in an email that may contain none, with the reason for the person who approves it.

Words are compared after undoing what hides them: look-alike letters, accents, digits for letters, spaced-out letters.
Lists of words end somewhere, so what none of our words names is asked about too: amounts of money, other products,
other sites, quoted email, other alphabets.
A flag is a question to the second person, not a verdict: the grammar alone refuses.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from html import unescape
from urllib.parse import unquote, urlsplit

from django.conf import settings
from django.utils.translation import gettext as _

from troth.composing.grammar import Composed, EmailBlock
from troth.composing.phrases import EVENT, PHRASES
from troth.site import site


@dataclass(frozen=True)
class Flag:
    """The words in question and the reason. Line 0 is the subject."""

    line: int
    words: str
    reason: str


_COMPILED = [(re.compile(phrase), reason) for reason, phrases in PHRASES for phrase in phrases]
# Letters of other scripts that look like ours. Source: Unicode confusables.txt, the ones of Latin a to z.
_PAIRS = (
    "аa еe оo рp сc уy хx іi јj ѕs һh ԁd ԛq ԝw кk мm нh тt вb гr пn АA ВB ЕE КK МM НH ОO РP СC ТT ХX ІI ЈJ ЅS "
    "αa βb γy εe ιi κk μu νv οo ρp τt υu χx ωw ΑA ΒB ΕE ΖZ ΗH ΙI ΚK ΜM ΝN ΟO ΡP ΤT ΥY ΧX ıi ɡg ℓl ƒf"
)
_ALIKE = {ord(pair[0]): pair[1] for pair in _PAIRS.split()}
_DIGITS = str.maketrans("0134578@$!€|+", "oieastbasieit")
_SPACED = re.compile(r"(?<!\w)(?:\w[\W_]{1,2}){3,}\w(?!\w)")
_SPLIT = re.compile(r"(?<=[a-z])(?:[.\-_*·|\\]|- )(?=[a-z])")
_WORD = re.compile(r"(?:[^\W\d_]|[\u2801-\u28ff]){2,}")
_NAMED = re.compile(r"\b(?:LATIN|SYMBOL|SQUARED|CIRCLED)\b.*\bLETTER (?:.* )?([A-Z])$")
"""Signs whose names say which Latin letter they show: small capitals, letters in circles, squares and flags."""
_READ = ("LATIN", "CJK", "")
"""The alphabets that `PHRASES` has words of."""
_EAST_ASIAN = ("CJK", "HIRAGANA", "KATAKANA", "HANGUL", "BOPOMOFO", "FULLWIDTH", "HALFWIDTH")
_SHOPS = ("products", "quote")
"""The first part of the addresses where the site sells."""


def find_flags(composed: Composed, *, about: str = "") -> list[Flag]:
    """All that looks like marketing: in the subject, the text, links' words and addresses, and descriptions.

    Takes   about: the product that the email may name, as in its page's address."""
    main = _find_alphabet(" ".join([composed.subject, *(block.words for block in composed.blocks)]))
    flags = list(_find(0, composed.subject, about, main))
    if main not in _READ:
        flags.append(_ask(0, composed.subject, _("is in an alphabet in which we don’t recognize offers")))
    for block in composed.blocks:
        flags += _find(block.line, block.words, about, main)
        flags += _find_in_shape(block)
        for address in dict.fromkeys([block.address, *(text.address for text in block.texts)]):
            flags += _find_in_address(block.line, address, about)
    return list(dict.fromkeys(flags))


def _find(line: int, words: str, about: str, main: str) -> Iterator[Flag]:
    yield from _find_phrases(line, words)
    yield from _find_products(line, words, about)
    other = next((word for word in _WORD.findall(unicodedata.normalize("NFKC", words)) if _is_foreign(word, main)), "")
    if other:
        yield _ask(line, other, _("has letters of another alphabet than the rest"))


def _find_products(line: int, words: str, about: str) -> Iterator[Flag]:
    """Another product by its name, or by the word of it that no other product has, with its capital."""
    names = {slug: product.name for slug, product in site().products.items()}
    used = Counter(word for name in names.values() for word in set(name.split()))
    for slug, name in names.items():
        if slug == about:
            continue
        own = next((word for word in name.split() if used[word] == 1 and word[0].isupper() and word.isalpha()), "")
        short = bool(own) and re.search(rf"(?<!^)(?<![.!?:] )\b{own}\b", words)
        if name.casefold() in words.casefold() or short:
            yield _ask(line, name if not short else own, _("names another product"))


def _find_phrases(line: int, words: str) -> Iterator[Flag]:
    seen = set()
    for form in _list_forms(words):
        for pattern, reason in _COMPILED:
            found = pattern.search(form)
            if found and reason not in seen:
                seen.add(reason)
                yield _ask(line, found[0], str(reason))


def _find_in_shape(block: EmailBlock) -> Iterator[Flag]:
    """An event, or lines of another email."""
    if block.what == "event":
        yield _ask(block.line, block.texts[0].words, str(EVENT))
    if block.words.startswith(">"):
        yield _ask(block.line, ">", _("quotes another email"))


def _find_in_address(line: int, address: str, about: str) -> Iterator[Flag]:
    parts = urlsplit(unquote(address))
    if parts.netloc and parts.hostname != urlsplit(settings.TROTH_BASE_URL).hostname:
        yield _ask(line, parts.netloc, _("leads to another site"))
    if parts.scheme == "mailto" and parts.path != site().brand.support_email:
        yield _ask(line, parts.path, _("leads to another mailbox than support’s"))
    if parts.query:
        yield _ask(line, parts.query, _("in an address can count who opens it"))
    path = [each for each in parts.path.split("/") if each not in ("", ".")]
    if any(each in _SHOPS and path[at + 1 :] != [about] for at, each in enumerate(path)):
        yield _ask(line, parts.path, _("leads to a page where we sell"))
    yield from _find_phrases(line, _read_address(unquote(address)))


def _ask(line: int, words: str, reason: str) -> Flag:
    return Flag(line, words, _("“%(words)s” %(reason)s") % {"words": words, "reason": reason})


def _find_alphabet(words: str) -> str:
    """The one that most letters are of."""
    found = Counter(_alphabet_of(sign) for sign in words if sign.isalpha())
    return found.most_common(1)[0][0] if found else ""


def _is_foreign(word: str, main: str) -> bool:
    """Latin words are at home in every text: products have such names."""
    return bool({_alphabet_of(sign) for sign in word} - {main, "LATIN", ""})


def _alphabet_of(sign: str) -> str:
    name = unicodedata.name(sign, "").replace("-", " ").partition(" ")[0]
    return "CJK" if name in _EAST_ASIAN else name


def _list_forms(words: str) -> Iterator[str]:
    """The words as they are read, and as they are read where digits stand for letters or letters are spaced out."""
    plain = _fold(words)
    yield plain
    yield _SPACED.sub(_join_spaced, plain)
    yield _SPLIT.sub("", plain)
    yield " ".join(word.translate(_DIGITS) if re.search(r"[a-z]", word) else word for word in plain.split())


def _join_spaced(run: "re.Match[str]") -> str:
    """The word that was spaced out; the one or two letters before it may be words of their own."""
    whole = re.sub(r"[\W_]", "", run[0])
    return f"{whole} {whole[1:]} {whole[2:]}"


def _fold(words: str) -> str:
    """Small Latin letters without accents, whatever script they were borrowed from."""
    apart = unicodedata.normalize("NFKD", unescape(words).translate(_ALIKE)).translate(_ALIKE)
    kept = "".join(_read_sign(sign) for sign in apart if not unicodedata.combining(sign))
    return " ".join(kept.casefold().replace("’", "'").replace("−", "-").replace("ß", "ss").split())


def _read_sign(sign: str) -> str:
    named = None if sign.isascii() else _NAMED.search(unicodedata.name(sign, ""))
    return named[1] if named else sign


def _read_address(address: str) -> str:
    """The words in an address, which say as much as a link's own."""
    return re.sub(r"[/\-_.?&=+ ]", " ", address)
