"""Phone numbers with extensions, from what people type to one stored form.

Source  RFC 3966 for ";ext="; the plans of all countries as phonenumbers keeps them
"""

import re

import phonenumbers
from django.utils.translation import gettext as _

from troth.collection.forms.places import HOME
from troth.text import CannotRead, plain
from troth.text.reading import refuse_card_numbers
from troth.text.signs import one_dash, with_digits

_WORDS = (
    r"e?xt(?:n|en|ent?ion|en[sc]i[oó]n)?",
    r"x",
    r"int(?:ern[oeí]?|erior)?",
    r"anexo",
    r"poste",
    r"pst",
    r"ramal",
    r"rml",
    r"durchw(?:ahl)?",
    r"d[.]?w",
    r"nebenst(?:elle)?",
    r"nst",
    r"app(?:arat)?",
    r"kl(?:ap(?:pe|ka)?)?",
    r"linka",
    r"vnitř(?:ní)?",
    r"toestel",
    r"tstl?",
    r"lok(?:al)?(?:nr|nummer)?",
    r"loc(?:al)?",
    r"linje",
    r"ankn(?:ytning)?",
    r"wew(?:n|nętrzny)?",
    r"dah(?:ili)?",
    r"mell?(?:ék)?",
    r"alan(?:ume)?ro",
    r"sisenumber",
    r"nhánh",
    r"máy lẻ",
    r"pes(?:awat)?",
    r"samb(?:ungan)?",
    r"εσωτ(?:ερικό)?",
    r"доб(?:авочный)?",
    r"дод(?:атковий)?",
    r"внутр(?:енний)?",
    r"вн",
    r"вътр(?:ешен)?",
    r"转接?",
    r"轉",
    r"分机",
    r"分機",
    r"内線?",
    r"内线",
    r"內線",
    r"내선(?:번호)?",
    r"교환?",
    r"של(?:וחה)?",
    r"تحويلة",
    r"داخل[يی]",
    r"ต่อ",
    r"एक्सटेंशन",
)
"""What is before an extension, in the languages of those who write to us."""

_EXTENSION = re.compile(
    r"[\s,;./(\[-]*(?:;ext=|(?<![^\W\d_])(?:" + "|".join(_WORDS) + r")"
    r"(?:[\s.-]*(?:nr|no|n°|nº|number|番号)(?![^\W\d_]))?|#)[\s.:=#)-]*(\d{1,11})[\s#)\]番번号호.]*$",
    re.IGNORECASE,
)
_OF_NOBODY = "559 555 0134"
"""Reserved for stories, as 555 01xx are in every area of North America."""
_LETTERS = r"[^\W\d_]"
_BEGIN = re.compile(r"[+(\[]*\s*\d")
_BEHIND = re.compile(r"^(.*\d)\s*[-/,;]\s*\d{1,6}\s*$", re.DOTALL)
_RANGE = "[~\u301c]"
"""02-123-4567~9 is three lines of one company, and none of them is an extension."""
_ASSUMED = phonenumbers.CountryCodeSource.FROM_DEFAULT_COUNTRY
_LEAST_OF_MOBILE = 9
MOST = 60
"""Characters. Whatever asks for a number takes no more: the words around one are read again from each blank."""


def phone(text: str, country: str) -> str:
    """The number as E.164, read as someone in `country` (two letters) would dial it, with its extension.

    +15595550134, or +15595550134;ext=12 as RFC 3966 writes it. Raises CannotRead."""
    country = country or HOME
    shown = one_dash(with_digits(plain(text))).strip()
    if len(shown) > MOST:
        raise _no_number(country)
    found = _EXTENSION.search(shown)
    dialed, extension = (shown[: found.start()], found[1]) if found else (shown, "")
    number = _parse(_from_first_digit(dialed), shown, country)
    extension = extension or number.extension or ""
    number.extension = None
    whole = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    return f"{whole};ext={extension}" if extension else whole


def _parse(dialed: str, shown: str, country: str) -> phonenumbers.PhoneNumber:
    _refuse_words(dialed, country)
    if re.search(_RANGE, dialed):
        raise _in_part()
    try:
        number = _with_code(phonenumbers.parse(dialed, country, keep_raw_input=True))
    except phonenumbers.NumberParseException as error:
        refuse_card_numbers(shown)
        raise _no_number(country) from error
    _refuse_unmarked_extension(number, dialed, country)
    _refuse_other_lengths(number, shown, country)
    if _is_local(number, dialed, country):
        raise _only_nearby(country)
    _refuse_leftovers(number, dialed)
    return number


def _with_code(number: phonenumbers.PhoneNumber) -> phonenumbers.PhoneNumber:
    """The number; 091 98765 43210 as one of India, for it is none of an area 91."""
    code, rest = str(number.country_code), phonenumbers.national_significant_number(number)
    if number.country_code_source != _ASSUMED or phonenumbers.is_valid_number(number) or not rest.startswith(code):
        return number
    return phonenumbers.parse(f"+{rest}", keep_raw_input=True) if _valid(f"+{rest}", HOME) else number


def _no_number(country: str) -> CannotRead:
    words = _("This isn’t a phone number. Include the area code, such as %(example)s.")
    return CannotRead(words % {"example": _example(country)})


def _refuse_words(dialed: str, country: str) -> None:
    """Raises CannotRead for letters that stand for no digits: only whole groups at the end do, as in 1-800-FLOWERS."""
    found = re.search(_LETTERS, dialed)
    if not found:
        return
    head, tail = dialed[: found.start()], dialed[found.start() :]
    if re.search(r"\d", tail) or head[-1:].isdigit() or not tail.isascii() or _valid(head, country):
        raise _in_part()


def _refuse_unmarked_extension(number: phonenumbers.PhoneNumber, dialed: str, country: str) -> None:
    """Raises CannotRead for 010-12345678-12 and 559 555 0134 / 12: which digits ring the desk is a guess."""
    found = _BEHIND.match(dialed)
    if found and not phonenumbers.is_valid_number(number) and _valid(found[1], country):
        raise _in_part()


def _refuse_other_lengths(number: phonenumbers.PhoneNumber, shown: str, country: str) -> None:
    possible = phonenumbers.is_possible_number_with_reason(number)
    if possible == phonenumbers.ValidationResult.IS_POSSIBLE_LOCAL_ONLY:
        raise _only_nearby(country)
    if possible != phonenumbers.ValidationResult.IS_POSSIBLE:
        refuse_card_numbers(shown)
        raise CannotRead(
            _("This phone number has too few or too many digits. Add the area code, or + and the country code.")
        )
    if not phonenumbers.is_valid_number(number):
        refuse_card_numbers(shown)
        national = phonenumbers.national_significant_number(number)
        if national.startswith("0"):  # 030 7654321, of another country
            raise _of_no_area()
        if _valid(f"+{number.country_code}0{national}", country):  # +39 2 1234567, where the 0 is dialed in any case
            raise _only_nearby(country)


def _is_local(number: phonenumbers.PhoneNumber, dialed: str, country: str) -> bool:
    """Whether the 0 before the area code is missing, in a country where it is dialed.

    China's mobiles, Australia's 1300 and Brazil have none; a mobile of full length says the same without it."""
    plan = phonenumbers.PhoneMetadata.metadata_for_region(country, None)
    if number.country_code_source != _ASSUMED or plan is None:
        return False
    digits = _digits(dialed)
    if plan.national_prefix != "0" or digits.startswith("0") or re.search(_LETTERS, dialed):
        return False
    if phonenumbers.number_type(number) == phonenumbers.PhoneNumberType.MOBILE and len(digits) >= _LEAST_OF_MOBILE:
        return False
    return not any(phonenumbers.PhoneNumberMatcher(digits, country, phonenumbers.Leniency.VALID))


def _refuse_leftovers(number: phonenumbers.PhoneNumber, dialed: str) -> None:
    """Raises CannotRead for what is behind the number and was not read: nothing of it is lost silently."""
    end = phonenumbers.national_significant_number(number)[-4:] + (number.extension or "")
    typed = (dialed, phonenumbers.convert_alpha_characters_in_number(dialed))
    if not any(_digits(each).endswith(end) for each in typed):
        raise _in_part()


def _valid(text: str, country: str) -> bool:
    try:
        return phonenumbers.is_valid_number(phonenumbers.parse(text, country))
    except phonenumbers.NumberParseException:
        return False


def _in_part() -> CannotRead:
    return CannotRead(
        _("We can read only part of this. Enter one phone number, with an extension as “ext. 12” after it.")
    )


def _of_no_area() -> CannotRead:
    return CannotRead(
        _("No area code in this country starts with 0. For another country, start with + and the country code.")
    )


def _only_nearby(country: str) -> CannotRead:
    words = _("The area code is missing. Add it, such as %(example)s, or start with + and the country code.")
    return CannotRead(words % {"example": _example(country)})


def _example(country: str) -> str:
    """A number as it is written in the country, for a hint."""
    number = None if country == HOME else phonenumbers.example_number(country)
    if number is None:
        return _OF_NOBODY
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.NATIONAL)


def _from_first_digit(text: str) -> str:
    """Without what introduces it: “Tel.: ”."""
    found = _BEGIN.search(text)
    return text[found.start() :] if found else text


def _digits(text: str) -> str:
    return "".join(sign for sign in text if sign.isdigit())
