"""The tags that speak for the policy, and those that write dates, money and charts."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from django.template import Context, Template, TemplateSyntaxError
from django.test import RequestFactory
from django.utils import translation
from tests.worlds import policy_text

from troth import policy as document
from troth.desk.charts import Bar, chart
from troth.web.quoting import quote

pytestmark = pytest.mark.usefixtures("site")


def shown(source: str, **context: Any) -> str:
    return Template("{% load troth %}" + source).render(Context(context))


def test_a_section_is_linked_by_its_name() -> None:
    assert shown('{% section "U6" %}') == '<a class="s" href="/policy#U6">Quotes</a>'


@pytest.mark.asvs("V1.2.1")
def test_an_unknown_section_is_not_linked_and_cannot_break_out() -> None:
    assert shown("{% section anchor %}", anchor='"><b>') == ""
    assert shown('{% section "X9" name %}', name='"><b>') == "&quot;&gt;&lt;b&gt;"


def test_a_stored_value_is_shown_as_people_read_it_and_as_it_is_without_a_kind() -> None:
    assert (
        shown('{{ v|as_read:"phone" }} {{ w|as_read:"country" }}', v="+15595550134", w="DE")
        == "+1 559-555-0134 Germany"
    )
    assert shown('{{ v|as_read:"gift" }}{{ none|as_read:"phone" }}', v="<b>", none="") == "&lt;b&gt;"


def test_a_quotation_names_its_section_and_version() -> None:
    quoted = shown('{% policy_quote "U6" %}')
    assert quoted.startswith("<blockquote>")
    assert quoted.endswith("of the policy, version 1</footer></blockquote>")


def test_a_quotation_of_nothing_is_nothing() -> None:
    assert shown('{% policy_quote "NOPE" %}') == ""


def test_words_that_a_rule_keeps_are_quoted_with_their_whole_sentence() -> None:
    policy = document.compile(policy_text(1, purposes={})).policy
    assert policy is not None
    for section in policy.sections:
        if section.quotation:
            sentence = quote(policy, section.anchor)
            assert section.quotation in sentence or sentence == section.quotation


def test_words_that_stand_nowhere_are_quoted_as_they_are(site: Any) -> None:
    assert quote(site, "U6", "words of an older version") == "words of an older version"


@pytest.mark.parametrize(
    ("amount", "currency", "words"),
    [
        ("95", "USD", "$95.00"),
        ("1250.5", "EUR", "€1,250.50"),
        ("0", "GBP", "£0.00"),
        ("-3", "CHF", "−CHF 3.00"),
    ],
)
def test_money_has_its_currency(amount: str, currency: str, words: str) -> None:
    assert shown("{{ amount|money:currency }}", amount=Decimal(amount), currency=currency) == words


def test_what_is_wrong_with_a_control_describes_it() -> None:
    source = '<input{% invalid "a" wrong hint=True %}>{% error "a" wrong %}'
    assert shown(source, wrong="") == '<input aria-describedby="a-hint">'
    assert shown(source, wrong="Too <long>.") == (
        '<input aria-describedby="a-hint a-error" aria-invalid="true">'
        '<p class="error" id="a-error" role="alert">Too &lt;long&gt;.</p>'
    )


def test_dates_have_their_zone() -> None:
    at = datetime(2026, 11, 20, 14, 2, 11, tzinfo=UTC)
    assert (
        shown("{{ at|moment }}", at=at) == '<time datetime="2026-11-20T14:02:11+00:00">Nov 20, 2026, 2:02 PM UTC</time>'
    )
    assert shown("{{ at|day }} {{ at|day_long }}", at=date(2026, 11, 1)) == "Nov 1, 2026 November 1, 2026"
    assert shown("{{ at|moment }}{{ at|day }}{{ at|weekday }}{{ at|clock }}", at=None) == ""


def test_a_state_is_a_word_with_its_mark_and_no_other_kind() -> None:
    assert shown('{% state "warn" "due" %}') == '<span class="state warn">due</span>'
    with pytest.raises(TemplateSyntaxError):
        shown('{% state "sparkling" "due" %}')


def test_navigation_knows_where_it_is() -> None:
    def link(path: str) -> str:
        return shown('{% goto "/products/" "Products" %}', request=RequestFactory().get(path))

    assert 'aria-current="page"' in link("/products/")
    assert 'aria-current="page"' in link("/products/optipro-process/")
    assert "aria-current" not in link("/policy")


def test_a_chart_has_its_words_and_no_style_attribute() -> None:
    bars = [Bar("< 1", 9), Bar("1", 0, late=True), Bar("2", 2, second=1, late=True)]
    svg = chart(bars, title="By age", description="Nine are young.")
    assert 'role="img"' in svg
    assert "<title" in svg
    assert "Nine are young." in svg
    assert "&lt; 1" in svg
    assert svg.count('class="late"') == 2  # a whole bar, and a part of another
    assert svg.count('class="bar"') == 2
    assert "style=" not in svg


def test_a_chart_of_two_series_puts_the_second_hollow_on_the_first_and_names_both() -> None:
    svg = chart([Bar("Dec 1", 141, second=39), Bar("Dec 2", 5)], title="t", description="d", series=("yes", "no"))
    assert ">180</text>" in svg
    assert svg.count('class="second"') == 2  # on the first bar, and beside its name
    assert svg.index(">yes</text>") < svg.index(">no</text>")


def test_a_chart_without_figures_is_still_a_picture() -> None:
    assert "</svg>" in chart([], title="Empty", description="No activity yet.")


def test_site_language_is_named_where_the_shell_speaks_another() -> None:
    assert shown("{% site_language %}") == ""
    with translation.override("de"):
        assert shown("{% site_language %}") == ' lang="en"'
