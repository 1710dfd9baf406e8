"""Reads what people enter, by what the field is for."""

import re
from datetime import date, datetime, tzinfo
from uuid import UUID

from django.utils.dateparse import parse_date, parse_datetime
from django.utils.translation import gettext as _

from troth.text.cards import holds_card_number
from troth.text.pages import holds_page_address
from troth.text.signs import CannotRead, compose, one_dash, plain, refuse_controls, shows, strip_unseen, with_digits

MOST_OF_LINE, MOST_OF_LINES, MOST_SOUGHT = 200, 4_000, 100
_FIRST, _LAST = 1900, 2200
_NUMBERED = re.compile(r"[#\[(]?([A-Za-z]{1,3})(?:-| - | )(20\d\d)(?:-| - | )(\d{1,7})[\])]?[.,:;]?", re.ASCII)
_OTHER_BLANKS = re.compile("[\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]")


def line(text: str, *, least: int = 0, most: int = MOST_OF_LINE) -> str:
    """One line: composed characters, single spaces, nothing unseen; "" if nothing can be seen. Raises CannotRead."""
    refuse_controls(text, many_lines=False)
    return _check(" ".join(strip_unseen(compose(text)).split()), least=least, most=most)


def lines(text: str, *, least: int = 0, most: int = MOST_OF_LINES) -> str:
    """Text of many lines, with one kind of line break. Raises CannotRead."""
    refuse_controls(text, many_lines=True)
    return _check("\n".join(strip_unseen(compose(text)).splitlines()).strip(), least=least, most=most)


def paragraph(text: str, *, least: int = 0, most: int = MOST_OF_LINE) -> str:
    """What was typed into a box of many lines, as one line: the reasons and notes of staff. Raises CannotRead."""
    return line(" ".join(lines(text, most=10 * most).split()), least=least, most=most)


def name(text: str, *, least: int = 0, most: int = MOST_OF_LINE, field: str = "") -> str:
    """A name: a line that no mail program turns into a link, for emails carry it to others. Raises CannotRead.

    Takes   field: what the field is called on the page, for the sentence"""
    read = line(text, least=least, most=most)
    _refuse_page_addresses(read, field=field)
    return read


def company(text: str, *, most: int, field: str) -> str:
    """A company's name, which may be a domain: Amazon.com Inc. Only for what no email carries to strangers.
    Raises CannotRead."""
    read = line(text, most=most)
    _refuse_page_addresses(read, field=field, domains=False)
    return read


def code(text: str, *, most: int = 64) -> str:
    """One of our codes, keys or numbers as sent, shortened; only for comparing with what we store."""
    return compose(plain(text)).strip()[:most]


def read_id(text: str) -> UUID | None:
    """An id as a form or an address sends it; None for anything else."""
    try:
        return UUID(code(text))
    except (CannotRead, ValueError):
        return None


def read_answer(text: str | None, *, yes: str = "yes", no: str = "no") -> bool | None:
    """What a button of two says; None for anything else, which is neither of them."""
    return {yes: True, no: False}.get(text or "")


def read_search(text: str) -> str:
    """A search text: never refused, and never longer than anything it could find.

    The number of a request is written as we write it, whichever dashes it got on its way: q–2026–0001, [Q 2026 0001]"""
    found = " ".join(strip_unseen(compose(text)).split())[:MOST_SOUGHT]
    number = _NUMBERED.fullmatch(one_dash(with_digits(found)))
    return "-".join(number.groups()).upper() if number else found


def secret(text: str) -> str:
    """A password in the one form in which it is hashed, whichever keyboard composed its characters.

    A blank is a blank: Option and the space bar make another one on a Mac.   Source  RFC 8265 § 4.2.2"""
    return compose(_OTHER_BLANKS.sub(" ", text))


def number(text: str, *, least: int = 0, most: int) -> int:
    """A whole number. Raises CannotRead."""
    digits = plain(text).strip()
    if not digits.isdecimal() or len(digits.lstrip("0")) > len(str(most)) or not least <= int(digits[-20:]) <= most:
        raise CannotRead(_("Enter a whole number, such as 25."))
    return int(digits[-20:])


def day(text: str) -> date:
    """A day of our time. Raises CannotRead."""
    try:
        found = parse_date(plain(text).strip()[:20])
    except ValueError:
        found = None
    if found is None or not _FIRST <= found.year <= _LAST:
        raise CannotRead(_("Enter a date as year, month and day, such as 2026-11-23."))
    return found


def moment(text: str, zone: tzinfo) -> datetime:
    """A day and time, by the clock of `zone` where the text names none. Raises CannotRead."""
    try:
        found = parse_datetime(plain(text).strip()[:40])
    except ValueError:
        found = None
    if found is None or not _FIRST <= found.year <= _LAST:
        raise CannotRead(_("Enter a date and time, such as 2026-11-23 14:30."))
    return found if found.tzinfo else found.replace(tzinfo=zone)


def refuse_card_numbers(text: str) -> None:
    """Raises CannotRead."""
    if holds_card_number(text):
        raise CannotRead(
            _(
                "This looks like a card number. We don’t accept card numbers in any field, so we never store one. "
                "Remove it."
            )
        )


def _refuse_page_addresses(text: str, *, field: str, domains: bool = True) -> None:
    if not holds_page_address(text, domains=domains):
        return
    words = (
        _(
            "“%(field)s” can’t contain a web or email address because mail programs would turn it into a link. "
            "Remove it, or put a space after the dot."
        )
        if field
        else _(
            "This can’t contain a web or email address because mail programs would turn it into a link. Remove it, "
            "or put a space after the dot."
        )
    )
    raise CannotRead(words % {"field": field})


def _check(text: str, *, least: int, most: int) -> str:
    found = text if shows(text) else ""
    if len(found) < least:
        raise CannotRead(
            _("Fill this in.") if least <= 1 else _("Enter at least %(number)d characters.") % {"number": least}
        )
    if len(found) > most:
        words = _("Shorten this to %(limit_value)d characters. It has %(show_value)d.")
        raise CannotRead(words % {"limit_value": most, "show_value": len(found)})
    refuse_card_numbers(found)
    return found
