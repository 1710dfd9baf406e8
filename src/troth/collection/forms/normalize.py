"""Normalizes email addresses and phone numbers into the form in which they are stored and found."""

import re
from urllib.parse import unquote

from django.conf import settings
from django.utils.translation import gettext as _
from email_validator import EmailNotValidError, validate_email

from troth.addresses import NoAddress, comparable
from troth.collection.forms.phones import phone
from troth.text import CannotRead, breaks, plain
from troth.text.signs import refuse_controls, strip_unseen

__all__ = ["CannotRead", "email", "phone"]


def email(text: str, *, mailed: bool = True) -> str:
    """The address with its domain in lower case and, where it has other letters, in IDNA. Raises CannotRead.

    What copying from an email or a page brings along is left out: mailto:, brackets, quotes and the name before.

    Takes   mailed: whether we are to write to it, so that it must be one that our mail server takes; False where it
            is only looked up."""
    if breaks(text):
        refuse_controls(text, many_lines=False)
    address = _narrow(_unwrap(_without_unseen(text).strip()))
    _complete(address)
    try:
        found = validate_email(address, check_deliverability=False)
        comparable(f"{found.local_part}@{found.ascii_domain}")  # lengths in bytes, as mail servers count them
    except (EmailNotValidError, NoAddress) as error:
        raise CannotRead(_invalid()) from error
    if mailed and not found.local_part.isascii() and not settings.TROTH_SMTPUTF8:
        raise CannotRead(
            _(
                "We can’t send email to this address: our mail server doesn’t accept characters like these before "
                "the @. Give a different address."
            )
        )
    return f"{found.local_part}@{found.ascii_domain}"


def _without_unseen(text: str) -> str:
    """Joiners within Persian and Indic words of the domain stay, and are refused: without them it is another domain."""
    name, at, domain = text.rpartition("@")
    return f"{plain(name)}{at}{strip_unseen(domain)}"


_NAMED = re.compile(r"[^<>@]*<([^<>]+)>[\s,;.]*")
"""Ada Okafor <ada@x.example>, as email programs copy it."""
_PAIRS = ("<>", "()", "[]", '""', "''", "“”", "„“", "‘’", "«»")
_DOTS = {ord(dot): "." for dot in "\u3002\uff0e\uff61"}


def _unwrap(text: str) -> str:
    """The address alone, where there is one: what is left is still checked."""
    named = _NAMED.fullmatch(text)
    found = (named[1] if named else text).rstrip(" \t,;.").strip()
    while len(found) > 1 and found[0] + found[-1] in _PAIRS:
        found = found[1:-1].strip()
    if found[:7].lower() == "mailto:":
        found = plain(unquote(found[7:].partition("?")[0]))
    return found


def _narrow(address: str) -> str:
    """Replaces full-width @ and dots, which keyboards for Chinese, Japanese and Korean type.

    Source  RFC 3490 § 3.1 for the dots; before the @ they are signs of the mailbox's name"""
    name, at, domain = address.replace("\uff20", "@").rpartition("@")
    return f"{name}{at}{domain.translate(_DOTS)}"


def _complete(address: str) -> None:
    """Explains the most common mistakes better than the parser does."""
    name, at, domain = address.rpartition("@")
    if not at:
        raise CannotRead(_("The @ is missing. Enter an address like name@company.com."))
    if not name or not domain:
        raise CannotRead(_("Something is missing before or after the @. Enter an address like name@company.com."))
    if "@" in name and '"' not in name:
        raise CannotRead(_("There’s more than one @. Enter a single address like name@company.com."))
    if "=?" in name:  # some mail programs and servers decode it, and then it is another address
        raise CannotRead(_invalid())
    if "." not in domain and "," not in domain:
        raise CannotRead(_("The address ends after “%(domain)s”. Add the ending, such as .com.") % {"domain": domain})


def _invalid() -> str:
    return _("This isn’t a valid email address. Check for a space, a comma or a missing letter.")
