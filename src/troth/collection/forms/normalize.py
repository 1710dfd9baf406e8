"""What people type for these kinds, in the one form in which it is kept and found again."""

import unicodedata

import phonenumbers
from django.conf import settings
from django.utils.translation import gettext as _
from email_validator import EmailNotValidError, validate_email

from troth.addresses import NoAddress, comparable
from troth.collection.forms.places import HOME
from troth.text import CannotRead, plain
from troth.text.reading import refuse_card_numbers

__all__ = ["CannotRead", "email", "phone"]


def email(text: str, *, mailed: bool = True) -> str:
    """The address with its domain in lower case and, where it has other letters, in IDNA. Raises CannotRead.

    Takes   mailed: whether we are to write to it, so that it must be one that our mail server takes; False where it
            is only looked up."""
    address = plain(text).strip()
    _complete(address)
    try:
        found = validate_email(address, check_deliverability=False)
        comparable(f"{found.local_part}@{found.ascii_domain}")  # lengths in bytes, as mail servers count them
    except (EmailNotValidError, NoAddress) as error:
        raise CannotRead(
            _("No mail can be sent to this address. Look for a space, a comma or a missing letter in it.")
        ) from error
    if mailed and not found.local_part.isascii() and not settings.TROTH_SMTPUTF8:
        raise CannotRead(
            _(
                "We cannot write to this address: our mail server takes no letters like these before the @. "
                "Please give another address."
            )
        )
    return f"{found.local_part}@{found.ascii_domain}"


def phone(text: str, country: str) -> str:
    """The number as E.164, read as somebody in `country` (two letters) would dial it, with its extension.

    +15595550134, or +15595550134;ext=12 as RFC 3966 writes it. Raises CannotRead."""
    shown = plain(unicodedata.normalize("NFKC", text))
    try:
        number = phonenumbers.parse(shown, country or HOME)
    except phonenumbers.NumberParseException as error:
        refuse_card_numbers(shown)
        raise CannotRead(_("This is not a phone number. Type it with its area code, such as 559 555 0134.")) from error
    _refuse_other_lengths(number, shown)
    extension = f";ext={number.extension}" if number.extension else ""
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164) + extension


def _refuse_other_lengths(number: phonenumbers.PhoneNumber, shown: str) -> None:
    possible = phonenumbers.is_possible_number_with_reason(number)
    if possible == phonenumbers.ValidationResult.IS_POSSIBLE_LOCAL_ONLY:
        raise CannotRead(
            _("This number works only nearby. Add the area code, such as 559 555 0134, or + and the country code.")
        )
    if possible != phonenumbers.ValidationResult.IS_POSSIBLE:
        refuse_card_numbers(shown)
        raise CannotRead(
            _("This phone number has too few or too many digits. Add the area code, or + and the country code.")
        )
    if not phonenumbers.is_valid_number(number):
        refuse_card_numbers(shown)
    _refuse_leftovers(number, shown)


def _refuse_leftovers(number: phonenumbers.PhoneNumber, shown: str) -> None:
    """Raises CannotRead for what stands behind the number and was not read: nothing of it is lost in silence."""
    end = phonenumbers.national_significant_number(number)[-4:] + (number.extension or "")
    typed = (shown, phonenumbers.convert_alpha_characters_in_number(shown))
    if not any(_digits(each).endswith(end) for each in typed):
        raise CannotRead(
            _("We can read a part of this only. Type one phone number, and its extension as “ext. 12” behind it.")
        )


def _digits(text: str) -> str:
    return "".join(str(unicodedata.digit(sign)) for sign in text if unicodedata.digit(sign, None) is not None)


def _complete(address: str) -> None:
    """Says it more kindly than the parser where the commonest slips are made."""
    name, at, domain = address.rpartition("@")
    if not at:
        raise CannotRead(_("There is no @ in this address. It looks like name@company.com."))
    if not name or not domain:
        raise CannotRead(_("Something is missing before or after the @. It looks like name@company.com."))
    if "." not in domain:
        raise CannotRead(_("The address stops after “%(domain)s”. Add the ending, such as .com.") % {"domain": domain})
