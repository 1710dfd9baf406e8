"""What people type, in the one form in which it is kept and found again."""

import unicodedata

import phonenumbers
from django.utils.translation import gettext as _
from email_validator import EmailNotValidError, validate_email

from troth.catalog import territory

BLANKS = "\u115f\u1160\u2800\u3164\uffa0"
"""Letters and signs that are drawn as nothing: the fillers of Hangul and the empty Braille cell."""


class CannotRead(ValueError):
    """What was typed makes no sense for its field; the message says what to do."""


def email(text: str) -> str:
    """The address with its domain in lower case and, where it has other letters, in IDNA."""
    address = text.strip()
    _complete(address)
    try:
        found = validate_email(address, check_deliverability=False)
    except EmailNotValidError as error:
        raise CannotRead(
            _("No mail can be sent to this address. Look for a space, a comma or a missing letter in it.")
        ) from error
    return f"{found.local_part}@{found.ascii_domain}"


def phone(text: str, country: str) -> str:
    """The number as E.164, read as somebody in `country` (two letters) would dial it."""
    try:
        number = phonenumbers.parse(text, country or "US")
    except phonenumbers.NumberParseException as error:
        raise CannotRead(_("This is not a phone number. Type it with its area code, such as 559 555 0134.")) from error
    if not phonenumbers.is_possible_number(number):
        raise CannotRead(
            _("This phone number has too few or too many digits. Add the area code, or + and the country code.")
        )
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def zip_code(text: str, country: str) -> str:
    """The postal code; in the United States the five digits, without the four of a delivery point."""
    code = line(text).upper()
    if country != "US":
        return code
    head, _dash, tail = code.partition("-")
    if len(head) != 5 or not head.isascii() or not head.isdigit() or (tail and not (len(tail) == 4 and tail.isdigit())):
        raise CannotRead(_("A ZIP code in the United States has five digits, such as 92618."))
    return head


def state_of_zip(code: str) -> str:
    """The state (two letters) in which a ZIP code lies; empty for one that no post office knows."""
    return territory.state_of_zip(code).partition("-")[2]


def line(text: str) -> str:
    """One line: composed characters, single spaces; nothing if there is nothing to see."""
    composed = " ".join(unicodedata.normalize("NFC", text).split())
    return composed if shows(composed) else ""


def lines(text: str) -> str:
    """Text of many lines: composed characters, one kind of line break; nothing if there is nothing to see."""
    composed = unicodedata.normalize("NFC", "\n".join(text.splitlines())).strip()
    return composed if shows(composed) else ""


def shows(text: str) -> bool:
    """True if there is anything to see. Joiners and marks inside a word belong to it; alone they are nothing."""
    return any(unicodedata.category(sign)[0] not in "CZM" and sign not in BLANKS for sign in text)


def refuse_controls(text: str, *, many_lines: bool) -> None:
    """Raises CannotRead for characters that no keyboard writes: they hide headers, markup or other names."""
    allowed = "\r\n\t" if many_lines else "\t"
    if any(unicodedata.category(sign) in ("Cc", "Cs", "Co", "Cn") and sign not in allowed for sign in text):
        raise CannotRead(
            _("There is an invisible control character in this field. Type the text again instead of pasting it.")
        )
    if any(sign in "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069" for sign in text):
        raise CannotRead(_("There is a character here that turns the direction of writing. Please leave it out."))


def _complete(address: str) -> None:
    """Says it more kindly than the parser where the commonest slips are made."""
    name, at, domain = address.rpartition("@")
    if not at:
        raise CannotRead(_("There is no @ in this address. It looks like name@company.com."))
    if not name or not domain:
        raise CannotRead(_("Something is missing before or after the @. It looks like name@company.com."))
    if "." not in domain:
        raise CannotRead(_("The address stops after “%(domain)s”. Add the ending, such as .com.") % {"domain": domain})
