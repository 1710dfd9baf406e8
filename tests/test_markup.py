"""Our functions give the same HTML as Django's: what is given is escaped, once, and what is HTML already is not."""

import pytest
from django import forms
from django.forms.renderers import DjangoTemplates
from django.utils import html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy

from troth.collection.forms.rendering import Renderer
from troth.markup import format_html, format_html_join, join_html

GIVEN = ["", "plain", "<b> & \"Ada\" 'x'", SafeString("<b>bold</b>"), 7, 2.5, None, True, gettext_lazy("<Why?>")]


@pytest.mark.parametrize("value", GIVEN)
def test_values_look_as_django_writes_them(value):
    pattern = '<a href="{}">{}</a>'

    assert format_html(pattern, value, "x") == html.format_html(pattern, value, "x")


def test_named_values_and_rows_look_as_django_writes_them():
    rows = [(value, "<i>") for value in GIVEN]

    assert format_html("{a}{b}{a}", a="<", b=SafeString("<")) == "&lt;<&lt;"
    assert format_html_join("<", "{}{}", rows) == html.format_html_join("<", "{}{}", rows)


def test_what_was_written_is_html_and_is_not_escaped_again():
    written = format_html("<b>{}</b>", "<")

    assert isinstance(written, SafeString)
    assert format_html("{}", written) == join_html([written]) == "<b>&lt;</b>"


@pytest.mark.parametrize(
    "widget",
    [
        forms.CheckboxInput(),
        forms.DateInput(),
        forms.EmailInput(),
        forms.FileInput(),
        forms.HiddenInput(),
        forms.NumberInput(),
        forms.PasswordInput(render_value=True),
        forms.SearchInput(),
        forms.TelInput(),
        forms.TextInput(),
        forms.Textarea(),
        forms.URLInput(),
    ],
)
@pytest.mark.parametrize("value", [None, "", "<b> & \"Ada\" 'x'", "7"])
def test_controls_look_as_django_writes_them(widget, value):
    attributes = {"id": "f", "required": True, "hidden": False, "data-words": "<&\"'", "maxlength": 40}
    ours, theirs = (widget.render("na<me", value, attributes, renderer()) for renderer in (Renderer, DjangoTemplates))

    assert ours == theirs.strip()
