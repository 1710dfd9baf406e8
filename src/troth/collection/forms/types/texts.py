"""Text in a line, in many lines, and the address of a page."""

from django import forms
from django.utils.translation import gettext as _

from troth.collection.forms.types.base import Asked, KindType, Typed, cover_all
from troth.text import lines

_MOST_IN_A_LINE, _MOST_IN_ALL, _MOST_OF_AN_ADDRESS = 200, 4000, 500


def _text(asked: Asked) -> forms.Field:
    return forms.CharField(max_length=_MOST_IN_A_LINE)


def _long_text(asked: Asked) -> forms.Field:
    return forms.CharField(max_length=_MOST_IN_ALL, widget=forms.Textarea(attrs={"rows": 4}))


def _lines(typed: Typed) -> str:
    return lines(typed.text, most=typed.most)


def _url(asked: Asked) -> forms.Field:
    return forms.URLField(max_length=_MOST_OF_AN_ADDRESS, assume_scheme="https")


def _no_url() -> str:
    return _("Enter the full web address, such as https://company.com.")


TEXT = KindType(id="text", field=_text, most=_MOST_IN_A_LINE)
LONG_TEXT = KindType(
    id="long text", field=_long_text, most=_MOST_IN_ALL, normalize=_lines, cover=cover_all, is_long=True
)
URL = KindType(id="url", field=_url, most=_MOST_OF_AN_ADDRESS, invalid=_no_url)
