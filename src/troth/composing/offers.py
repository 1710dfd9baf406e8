"""What looks like marketing in an email that may contain none, with the reason for the person who approves it.

Words are compared after undoing what hides them: look-alike letters, accents, digits for letters, spaced-out letters.
A flag is a question to the second person, not a verdict: the grammar alone refuses.
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from troth.composing.grammar import Composed


@dataclass(frozen=True)
class Flag:
    """The words in question and the reason. Line 0 is the subject."""

    line: int
    words: str
    reason: str


_PRICE, _PUSH, _GIFT, _EVENT = (
    gettext_lazy("names a price advantage"),
    gettext_lazy("urges to buy or upgrade"),
    gettext_lazy("promises something free or extra"),
    gettext_lazy("invites to something that we sell or promote"),
)
_PHRASES: Sequence[tuple["str | Promise", Sequence[str]]] = (
    (
        _PRICE,
        (
            r"\d+ ?(?:%|percent|prozent|pour cent|por ciento|per cento)("
            r"?: ?(?:off|less|rabatt|de remise|de descuento|di sconto))?",
            r"\bdiscount\w*",
            r"\brebate\w*",
            r"\bcoupon\w*",
            r"\bvoucher\w*",
            r"\bpromo(?:tion\w*)?\b",
            r"\bpromo ?code",
            r"\brabatt\w*",
            r"\bgutschein\w*",
            r"\bsonderpreis\w*",
            r"\bangebot\w*",
            r"\bermassigt\w*",
            r"\bgunstig\w*",
            r"\bremise\w*",
            r"\bsoldes?\b",
            r"\bbon de reduction",
            r"\boffres?\b",
            r"\breduction\w*",
            r"\bmoins cher\w*",
            r"\bdescuento\w*",
            r"\boferta\w*",
            r"\brebaja\w*",
            r"\bcupon\w*",
            r"\bsconto\w*",
            r"\bofferta\w*",
            r"\bdesconto\w*",
            r"\bhalf[ -]?price",
            r"\bsale\b",
            r"\bspecial (?:price|offer|deal)",
            r"\bbargain\w*",
            r"\bbest price",
            r"\blow(?:er|est) price",
            r"\boffers?\b",
            r"\bdeals?\b",
            r"\bsavings?\b",
            r"\bsave (?:a|an|up|big|money|\$|\d|on your|now)",
            r"\bprice (?:drop|cut|increase|goes up|rise)\w*",
            r"\bbefore prices",
            r"\block in",
        ),
    ),
    (
        _PUSH,
        (
            r"\b(?:buy|order|purchase|upgrade|subscribe|renew)\b"
            r"(?: \w+){0,3} (?:now|today|early|soon|before|while|and save)",
            r"\b(?:act now|don'?t miss|last chance|hurry|limited time|"
            r"only \d+ (?:left|seats)|while (?:stocks?|supplies) last)",
            r"\bjetzt (?:kaufen|bestellen|upgraden|sichern|zugreifen)",
            r"\bnur (?:heute|noch)",
            r"\bachetez",
            r"\bcompre?\b",
            r"\bcompra\b",
            r"\b(?:you might|you may|you'd|you will) (?:also )?(?:like|love|enjoy)",
            r"\bcustomers also",
            r"\brecommend\w* (?:adding|our)",
            r"\b(?:talk|speak|call) (?:to|with)? ?(?:our )?sales",
            r"\brequest a quote",
            r"\bget a quote",
            r"\bask for a demo",
            r"\bbook a demo",
            r"\bconsider (?:adding|upgrading|our)",
            r"\bmove up to",
            r"\bunlock\w*",
            r"\bgo premium",
            r"\bpremium (?:edition|features?)",
            r"\bthe enterprise edition (?:has|can|adds|offers)",
            r"\bonly in (?:the )?enterprise",
        ),
    ),
    (
        _GIFT,
        (
            r"\bfree (?:month|upgrade|trial|seat|training|gift|license|shipping|consult\w*)",
            r"\bfor free\b",
            r"\bat no (?:extra )?(?:cost|charge)",
            r"\bbonus\w*",
            r"\bgift\w*",
            r"\bgiveaway\w*",
            r"\bwin an?\b",
            r"\bgewinn\w*",
            r"\bgratis\b",
            r"\bkostenlos\w*",
            r"\bgratuit\w*",
            r"\bcadeau\w*",
            r"\brefer a (?:friend|colleague)",
            r"\bbring a colleague",
            r"\bloyalty\b",
            r"\breward\w*",
        ),
    ),
    (
        _EVENT,
        (
            r"\bwebinar\w*",
            r"\b(?:user )?conference\b",
            r"\btrade ?(?:show|fair)",
            r"\bmesse\b",
            r"\bsign up for (?:our|the) (?:news|event)\w*",
            r"\bnewsletter\w*",
            r"\bfollow us\b",
            r"\bnew (?:product|release) (?:line|launch)",
            r"\bintroducing\b",
            r"\bnow available\b",
        ),
    ),
)
"""In the languages that our customers read."""
_COMPILED = [(re.compile(phrase), reason) for reason, phrases in _PHRASES for phrase in phrases]
# Letters of other scripts that look like ours. Source: Unicode confusables.txt, the ones of Latin a to z.
_PAIRS = (
    "аa еe оo рp сc уy хx іi јj ѕs һh ԁd ԛq ԝw кk мm нh тt вb гr пn АA ВB ЕE КK МM НH ОO РP СC ТT ХX ІI ЈJ ЅS "
    "αa βb γy εe ιi κk μu νv οo ρp τt υu χx ωw ΑA ΒB ΕE ΖZ ΗH ΙI ΚK ΜM ΝN ΟO ΡP ΤT ΥY ΧX ıi ɡg ℓl ƒf"
)
_ALIKE = {ord(pair[0]): pair[1] for pair in _PAIRS.split()}
_DIGITS = str.maketrans("013457@$!€", "oieastasie")
_SPACED = re.compile(r"\b(?:\w[ .\-_*·]){3,}\w\b")


def find_flags(composed: Composed) -> list[Flag]:
    """All that looks like marketing: in the subject, the text, links' words and addresses, and descriptions."""
    parts = [(0, composed.subject)]
    for block in composed.blocks:
        parts += [(block.line, block.words), (block.line, _read_address(block.address))]
        parts += [(block.line, _read_address(text.address)) for text in block.texts if text.address]
    return [flag for line, words in parts for flag in _find(line, words)]


def _find(line: int, words: str) -> Iterator[Flag]:
    seen = set()
    for form in _list_forms(words):
        for pattern, reason in _COMPILED:
            found = pattern.search(form)
            if found and reason not in seen:
                seen.add(reason)
                yield Flag(line, found[0], _("“%(words)s” %(reason)s") % {"words": found[0], "reason": reason})


def _list_forms(words: str) -> Iterator[str]:
    """The words as they are read, and as they are read where digits stand for letters or letters are spaced out."""
    plain = _fold(words)
    yield plain
    yield _SPACED.sub(_join_spaced, plain)
    yield re.sub(r"(?<=[a-z])[.\-_*·|](?=[a-z])", "", plain)
    yield " ".join(word.translate(_DIGITS) if re.search(r"[a-z]", word) else word for word in plain.split())


def _join_spaced(run: "re.Match[str]") -> str:
    """The word that was spaced out; the one or two letters before it may be words of their own."""
    whole = re.sub(r"[ .\-_*·]", "", run[0])
    return f"{whole} {whole[1:]} {whole[2:]}"


def _fold(words: str) -> str:
    """Small Latin letters without accents, whatever script they were borrowed from."""
    apart = unicodedata.normalize("NFKD", words.translate(_ALIKE)).translate(_ALIKE)
    kept = "".join(sign for sign in apart if not unicodedata.combining(sign))
    return " ".join(kept.casefold().replace("’", "'").replace("ß", "ss").split())


def _read_address(address: str) -> str:
    """The words in an address, which say as much as a link's own."""
    return re.sub(r"[/\-_.?&=+]|%20", " ", address)
