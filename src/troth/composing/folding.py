"""Words as they are read: what hides them is undone, and other ways to read them are listed.

Look-alike letters, accents, letters in circles, digits for letters, numbers in words, spaced-out and cut words.
"""

import re
import unicodedata
from collections.abc import Iterator
from html import unescape

# Letters of other scripts that look like ours. Source: Unicode confusables.txt, the ones of Latin a to z.
_PAIRS = (
    "аa еe оo рp сc уy хx іi јj ѕs һh ԁd ԛq ԝw кk мm нh тt вb гr пn АA ВB ЕE КK МM НH ОO РP СC ТT ХX ІI ЈJ ЅS "
    "αa βb γy εe ιi κk μu νv οo ρp τt υu χx ωw ΑA ΒB ΕE ΖZ ΗH ΙI ΚK ΜM ΝN ΟO ΡP ΤT ΥY ΧX ıi ɡg ℓl ƒf"
)
_ALIKE = {ord(pair[0]): pair[1] for pair in _PAIRS.split()}
_DIGITS = str.maketrans("0134578@$!€|+", "oieastbasieit")
_SPACED = re.compile(r"(?<!\w)(?:\w[\W_]{1,2}){3,}\w(?!\w)")
_SPLIT = re.compile(r"(?<=[a-z])(?:[.\-_*·|\\]|- )(?=[a-z])")
_CUT = re.compile(r"(?<![\w'])(?=([a-z]{2,6}) ([a-z]{2,6})\b)")
_NAMED = re.compile(r"\b(?:LATIN|SYMBOL|SQUARED|CIRCLED)\b.*\bLETTER (?:.* )?([A-Z])$")
"""Signs whose names say which Latin letter they show: small capitals, letters in circles, squares and flags."""
_TENS = {
    "en": "five six seven eight nine ten eleven twelve (?:thir|four|fif|six|seven|eigh|nine)teen twenty thirty forty "
    "fifty sixty seventy eighty ninety hundred thousand",
    "de": "funf sechs sieben acht neun zehn elf zwolf (?:drei|vier|funf|sech|sieb|acht|neun)zehn "
    "(?:\\w+und)?(?:zwanzig|dreissig|vierzig|funfzig|sechzig|siebzig|achtzig|neunzig) \\w*hundert\\w* \\w*tausend",
    "fr": "cinq sept huit neuf dix onze douze quinze vingts? trente quarante cinquante soixante cent mille",
    "es": "cinco seis siete ocho nueve diez once doce quince veinte treinta cuarenta cincuenta sesenta setenta ochenta "
    "noventa cien(?:to)? mil",
}
_NUMBER = "(?:" + "|".join(word for words in _TENS.values() for word in words.split()) + ")"
_NUMBERS = re.compile(rf"\b(?:a )?{_NUMBER}(?:(?:[ -]| and | y | et )(?:{_NUMBER}|one|two|three|four))*\b")
_SOME = "99"
"""What a number in words is read as: patterns ask for any number of at least two digits."""


def list_forms(words: str) -> Iterator[str]:
    """The words as they are read, and as they may be read: see above."""
    plain = fold(words)
    yield plain
    yield _SPACED.sub(_join_spaced, plain)
    yield _SPLIT.sub("", plain)
    yield " ".join(word.translate(_DIGITS) if re.search(r"[a-z]", word) else word for word in plain.split())
    yield _NUMBERS.sub(_SOME, plain)
    yield " ".join(first + second for first, second in _CUT.findall(plain))


def _join_spaced(run: "re.Match[str]") -> str:
    """The word that was spaced out; the one or two letters before it may be words of their own."""
    whole = re.sub(r"[\W_]", "", run[0])
    return f"{whole} {whole[1:]} {whole[2:]} {whole}"


def fold(words: str) -> str:
    """Small Latin letters without accents, whatever script they were borrowed from."""
    apart = unicodedata.normalize("NFKD", unescape(words).translate(_ALIKE)).translate(_ALIKE)
    kept = "".join(_read_sign(sign) for sign in apart if not unicodedata.combining(sign))
    return " ".join(kept.casefold().replace("’", "'").replace("−", "-").replace("ß", "ss").split())


def _read_sign(sign: str) -> str:
    named = None if sign.isascii() else _NAMED.search(unicodedata.name(sign, ""))
    return named[1] if named else sign
