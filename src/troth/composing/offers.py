"""What looks like marketing in an email that may contain none, with the reason for the person who approves it.

Words are compared after undoing what hides them: see `folding`. Lists of words end somewhere, so what none of our
words names is asked about too: amounts of money, what the site's catalog sells, other sites and mailboxes, quoted
email, other alphabets and languages.
A flag is a question to the second person, not a verdict: the grammar alone refuses.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from urllib.parse import unquote, urlsplit

from django.conf import settings
from django.utils.translation import gettext as _

from troth.composing.folding import list_forms
from troth.composing.grammar import Composed, EmailBlock
from troth.composing.languages import find_alphabet, find_foreign_word, find_unread_sentence, is_read
from troth.composing.phrases import EVENT, PHRASES, QUOTED
from troth.composing.sold import find_editions, find_products
from troth.site import site
from troth.wording import Words


@dataclass(frozen=True)
class Flag:
    """The words in question and the reason. Line 0 is the subject."""

    line: int
    words: str
    reason: str


_ADDRESS = re.compile(
    r"(?:https?://|www\.)\S+|[\w.+-]+@[\w-]+(?:\.[\w-]+)+|\b(?:[a-z\d-]+\.)+[a-z]{2,}/\S*"
    r"|\b(?!asp\.net)[a-z\d-]+\.(?:com|net|org|io|co|eu|us|shop|store|info|de|fr|es|it|nl|pl|uk|example)\b",
    re.IGNORECASE,
)
"""An address among the words, which mail programs make a link of."""
_SHOPS = ("products", "quote")
"""The first part of the addresses where the site sells."""
_OFFERED = ("editions", "prices", "price", "quote")
"""The parts of a product's page that say what it costs."""


def find_flags(composed: Composed, *, about: str) -> list[Flag]:
    """All that looks like marketing: in the subject, the text, links' words and addresses, and descriptions.

    Takes   about: the product that the email may name, as in its page's address."""
    main = find_alphabet(" ".join([composed.subject, *(block.words for block in composed.blocks)]))
    flags = list(_find(0, composed.subject, about, main))
    if not is_read(main):
        flags.append(_ask(0, composed.subject, _("is in an alphabet in which we don’t recognize offers")))
    for block in composed.blocks:
        flags += _find(block.line, block.words, about, main)
        flags += _find_in_shape(block)
        for address in dict.fromkeys([block.address, *(text.address for text in block.texts)]):
            flags += _find_in_address(block.line, address, about)
    flags += _find_across(composed)
    return list(dict.fromkeys(flags))


def _find(line: int, words: str, about: str, main: str) -> Iterator[Flag]:
    yield from _find_phrases(line, words)
    yield from (_ask(line, each, _("names another product")) for each in find_products(words, about))
    yield from (_ask(line, each, _("names an edition that we sell")) for each in find_editions(words, about))
    if other := find_foreign_word(words, main):
        yield _ask(line, other, _("has letters of another alphabet than the rest"))
    if unread := find_unread_sentence(words):
        yield _ask(line, unread, _("is in a language in which we don’t recognize offers"))
    for found in _ADDRESS.finditer(words):
        yield from _find_in_address(line, _complete(found[0].rstrip(".,;:!?)")), about)


def _complete(address: str) -> str:
    """The address as a link would have it."""
    if "@" in address and "/" not in address:
        return f"mailto:{address}"
    return address if "://" in address else f"https://{address}"


@cache
def _compile_phrases() -> list[tuple[re.Pattern[str], Words]]:
    """On first use: they are a third of all patterns of the program, and most processes look at no email."""
    return [(re.compile(phrase), reason) for reason, phrases in PHRASES for phrase in phrases]


def _find_phrases(line: int, words: str) -> Iterator[Flag]:
    seen = set()
    for form in dict.fromkeys(list_forms(words)):
        for pattern, reason in _compile_phrases():
            found = pattern.search(form)
            if found and reason not in seen:
                seen.add(reason)
                yield _ask(line, found[0], str(reason))


def _find_across(composed: Composed) -> Iterator[Flag]:
    """What is said by two blocks together: a sentence that the first leaves open and the next one ends."""
    for one, next_one in pairwise(composed.blocks):
        if not one.words or not next_one.words or one.words.rstrip()[-1:] in ".!?:;":
            continue
        apart = {flag.words for block in (one, next_one) for flag in _find_phrases(one.line, block.words)}
        for flag in _find_phrases(one.line, f"{one.words} {next_one.words}"):
            if flag.words not in apart:
                yield flag


def _find_in_shape(block: EmailBlock) -> Iterator[Flag]:
    """An event, or lines of another email."""
    if block.what == "event":
        yield _ask(block.line, block.texts[0].words, str(EVENT))
    if re.search(r"(?:^|\s)> ?\w", block.words) and not re.search(r"\w > ?\w", block.words):
        yield _ask(block.line, ">", str(QUOTED))


def _find_in_address(line: int, address: str, about: str) -> Iterator[Flag]:
    parts = urlsplit(unquote(address))
    if parts.netloc and parts.hostname != urlsplit(settings.TROTH_BASE_URL).hostname:
        yield _ask(line, parts.netloc, _("leads to another site"))
    if parts.scheme == "mailto" and parts.path != site().brand.support_email:
        yield _ask(line, parts.path, _("leads to another mailbox than support’s"))
    if parts.query:
        yield _ask(line, parts.query, _("in an address can count who opens it"))
    path = [each for each in parts.path.split("/") if each not in ("", ".")]
    elsewhere = any(each in _SHOPS and path[at + 1 :] != [about] for at, each in enumerate(path))
    if elsewhere or parts.fragment in _OFFERED:
        yield _ask(line, parts.path or address, _("leads to a page where we sell"))
    yield from _find_phrases(line, _read_address(unquote(address)))


def _ask(line: int, words: str, reason: str) -> Flag:
    return Flag(line, words, _("“%(words)s” %(reason)s") % {"words": words, "reason": reason})


def _read_address(address: str) -> str:
    """The words in an address, which say as much as a link's own."""
    return re.sub(r"[/\-_.?&=+# ]", " ", address)
