"""The alphabet and language of words: `phrases` has words of some alone, and nobody finds an offer in another."""

import re
import unicodedata
from collections import Counter

from troth.composing.folding import fold

_READ = ("LATIN", "CJK", "")
"""The alphabets that `phrases` has words of."""
_EAST_ASIAN = ("CJK", "HIRAGANA", "KATAKANA", "HANGUL", "BOPOMOFO", "FULLWIDTH", "HALFWIDTH")
_WORD = re.compile(r"(?:[^\W\d_]|[\u2801-\u28ff]){2,}")
_LETTERS = frozenset("abcdefghijklmnopqrstuvwxyzàâäáãåæçéèêëíìîïñóòôöõøœúùûüÿßąćęłńśźżªº")
"""The Latin letters of the languages that `phrases` has words of."""
_COMMON_IN = {
    "en": "the and for that this with you your not are was were has have had from its it is in on of to by at or an "
    "be we our if can all than then when which who each them they these there their will may must does did but "
    "after before again every also only how what any other more most now over under between until without into "
    "out up first same new old us please too yet while about here below above none both one two would could "
    "should need needs another many some such because since use used uses as no so",
    "de": "der die das und ist nicht ein eine einen einer eines einem mit von zu im auf fur dem des sie ihr ihre "
    "ihren wir uns sich auch bei aus nach wenn oder nur noch vor bis wie als durch uber um zum zur werden wird "
    "sind hat",
    "fr": "le les des du une et est que qui dans pour sur avec pas plus vous votre vos nous notre ne ce cette sont "
    "au aux par elle ils ou si",
    "es": "el los las una con por su sus del mas como para ya",
    "pt": "uma dos das pelo seu sua foi nao",
    "it": "il gli che per non della dei delle nel nella sono alla",
    "nl": "het een van niet voor op te uw wij er dat zijn bij naar ook nog door",
    "pl": "nie jest po od przez dla oraz ze jak ktore prosze przed tylko ten tym",
}
_COMMON = frozenset(word for words in _COMMON_IN.values() for word in words.split())
"""Words of which nearly every sentence has one. Short ones that other languages have, too, are left out."""
_SENTENCE = re.compile(r"[^.!?:;\n]+")
_LONG = 6
"""A sentence of so many words has a common one; a heading or an item of a list may have none."""


def find_alphabet(words: str) -> str:
    """The one that most letters are of."""
    found = Counter(_alphabet_of(sign) for sign in words if sign.isalpha())
    return found.most_common(1)[0][0] if found else ""


def is_read(alphabet: str) -> bool:
    """Whether we know how marketing is said in it."""
    return alphabet in _READ


def find_foreign_word(words: str, main: str) -> str:
    """The first word with letters of another alphabet than `main`.

    Latin words are at home in every text: products have such names."""
    for word in _WORD.findall(unicodedata.normalize("NFKC", words)):
        if {_alphabet_of(sign) for sign in word} - {main, "LATIN", ""}:
            return str(word)
    return ""


def find_unread_sentence(words: str) -> str:
    """The first sentence, or word, in a language that uses our letters and that `phrases` has no words of."""
    plain = unicodedata.normalize("NFKC", words)
    for word in _WORD.findall(plain):
        if word[0].islower() and any(_alphabet_of(sign) == "LATIN" and sign not in _LETTERS for sign in word.lower()):
            return str(word)
    return next((each.strip() for each in _SENTENCE.findall(plain) if _is_unread(each)), "")


def _is_unread(sentence: str) -> bool:
    said = [word for word in re.findall(r"[a-z']+", fold(sentence)) if len(word) > 1 or word in "ai"]
    latin = all(sign.isascii() or _alphabet_of(sign) == "LATIN" for sign in sentence if sign.isalpha())
    return latin and len(said) >= _LONG and not any(word in _COMMON for word in said)


def _alphabet_of(sign: str) -> str:
    name = unicodedata.name(sign, "").replace("-", " ").partition(" ")[0]
    return "CJK" if name in _EAST_ASIAN else name
