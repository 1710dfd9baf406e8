"""What staff type to start a procedure: the value, or an entry in `errors` that says what is wrong with it."""

from datetime import datetime, timedelta

from django.http import HttpRequest
from django.utils.translation import gettext as _

from troth.collection.forms.normalize import email
from troth.desk import reading
from troth.site import site
from troth.text import CannotRead, moment, paragraph

LONGEST_WORDS = 500
LONGEST_SECRET = timedelta(days=5 * 366)


def read_address(request: HttpRequest, errors: dict[str, str]) -> str:
    try:
        return email(request.POST.get("address", ""), mailed=False)
    except CannotRead as problem:
        errors["address"] = str(problem)
        return ""


def read_words(request: HttpRequest, errors: dict[str, str]) -> str:
    """The sentence of the field `words`."""
    try:
        words = paragraph(request.POST.get("words", ""), most=LONGEST_WORDS)
    except CannotRead as problem:
        errors["words"] = str(problem)
        return ""
    if len(words) < reading.SHORTEST_REASON:
        errors["words"] = _("Write a sentence of at least 10 characters.")
    return words


def read_moment(text: str) -> datetime | None:
    try:
        return moment(text, site().brand.zone)
    except CannotRead:
        return None


def read_secret(request: HttpRequest, errors: dict[str, str], *, now: datetime) -> datetime | None:
    """Until when an order forbids telling the person; None if they see it at once."""
    if not request.POST.get("secret"):
        return None
    until = read_moment(request.POST["secret"])
    if until is None or not now < until < now + LONGEST_SECRET:
        errors["secret"] = _("Enter a date in the coming years, or leave it empty.")
    return until
