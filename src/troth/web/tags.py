"""The tags of every page: `{% load troth %}`.

{% section "U6" %}                        § Quotes, linked to the policy: the only way a page points at it
{% section line.anchor line.section line.version %}   the same in the version of its day
{% policy_quote "U6" %}                   the policy's own words, in serif, with their section and version
{% facts line.facts %}                    titles and what they say, inside a <dl>
{% seal %}  {% state "warn" _("due") %}   the mark; a state in words
{{ at|moment }}  {{ date|day }}           dates with zone, {{ date|day_long }} in full
{{ policy.effective|in_force }}           since when a version is in force; in short with :"short"
{% announce version effective %}          the same as a sentence, without its full stop
{{ amount|money:"USD" }}                  amounts with currency
{% headers _("Kind") _("Kept for") %}     head of a table that becomes a list on small screens,
<th{% row_header %}> <td{% cell _("Kept for") %}>   and its cells
{{ quote.why|why }}                       the sentence of a stored reason
{% form_field form.password %}            a form's field with its label, hint, errors and reason
{% invalid "words" errors.words %}        attributes of the template's own control, also for its hint with hint=True,
{% error "words" errors.words %}          beneath it what is wrong with it; nothing while nothing is
{% mailed_secret %}                       in each form of a page that a mailed link opens: the secret, hidden
{% hide_fields page=2 as fields %}      the same with further fields, for a table with a form in every row
{% options kinds asked.kind %}            the options of a list, as (value, title), with the chosen one
{% checks "kinds" kinds chosen %}         the same of which several are chosen, as checkboxes
{% goto "/products/" _("Products") %}     a link of the navigation that knows where it is
{% story_lines group.lines receipts %}    lines of a history
{% messages conversation.messages action %}   the messages of a request, for its customer
{% value_rows held c2 c3 c4 c5 %}         what we hold about a person, a row for each value
{% message_words each %}                  the words of one message, what an email quotes folded
{% frame "web/parts/footer.html" %}       a part of the frame that looks alike for everyone: troth.web.frame
{% work_groups groups filters look %}   the groups of the console's first page
{% figure states title _("State") "state" stripes=True %}    a chart above its table
{% script "troth/kept.js" %}              our own script, which the browser runs only if it is the one that was meant
{% promised "quotes.answer" as time %}     the time of a promise of the policy in words; empty where no rule states it
{{ found.would|join_words }}              what a sentence lists: “Name, Email and Phone”
{{ line.title|unbroken }}                 words whose numbers of requests stay on one line
{% site_language %}                       lang="…" for the site's own words, where the shell speaks another language
"""

import base64
import hashlib
import re
from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path

from django import template
from django.contrib.staticfiles import finders
from django.middleware.csrf import get_token
from django.template import Context
from django.templatetags.static import static
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from troth.cases.thread.reading import ShownMessage
from troth.collection.forms.select import write_checks, write_options
from troth.desk import index
from troth.desk.charts import chart
from troth.desk.portal import ProgressStep
from troth.desk.room import Part
from troth.in_force import policy
from troth.markup import format_html, format_html_join
from troth.policy.phrases import join_words
from troth.security import hops
from troth.security.entrances import Entrance, address_of
from troth.web import choices, languages, marks, reference
from troth.web.console.sections import write_figure, write_groups
from troth.web.fields import write_error, write_field, write_invalid
from troth.web.frame import Menu, is_here, show_part
from troth.web.held import HeldLook, write_held
from troth.web.messages import write_messages, write_words
from troth.web.story import write_lines
from troth.words import promises, times
from troth.words.held import HeldValue
from troth.words.story import StoryLine
from troth.words.values import in_sentence, in_words, why_in_words

_CURRENCIES = {"USD": "$", "EUR": "€", "GBP": "£"}

register = template.Library()
_NUMBER = re.compile(r"\b[A-Z]{1,3}-\d{4}-\d+\b")
for _tag in (marks.facts, marks.policy_quote, marks.seal, marks.section, marks.site_language, marks.state):
    register.simple_tag(_tag)
for _tag in (marks.cell, marks.row_header):
    register.simple_tag(_tag)
register.simple_tag(write_field, name="form_field")
register.simple_tag(write_invalid, name="invalid")
register.simple_tag(write_error, name="error")
register.simple_tag(choices.write_choices, name="choices")
register.simple_tag(choices.write_topics, name="choice_topics")
register.simple_tag(choices.write_exempt, name="exempt_purposes")
register.simple_tag(write_words, name="message_words")
register.simple_tag(write_groups, name="work_groups")
register.simple_tag(write_figure, name="figure")
register.simple_tag(chart, name="bars")
for _filter in (marks.clock, marks.day, marks.day_long, marks.due, marks.moment, marks.weekday):
    register.filter(_filter)
register.filter(in_sentence)


@register.simple_tag
def promised(promise: str) -> str:
    """The one way in which a template states a time that is promised."""
    time = promises.find_promise(promise)
    return promises.in_words(time) if time else ""


@register.simple_tag
def script(name: str) -> SafeString:
    """Loaded once the page is there, if it is the script that this version of the program has."""
    return format_html('<script src="{}" integrity="{}" defer></script>', static(name), _integrity(name))


@cache
def _integrity(name: str) -> str:
    found = finders.find(name)
    assert isinstance(found, str), name
    digest = hashlib.sha384(Path(found).read_bytes()).digest()
    return f"sha384-{base64.b64encode(digest).decode()}"


@register.simple_tag
def entrance(name: str) -> str:
    """The address of a page that the house leads to and a room has."""
    return address_of(Entrance(name))


@register.simple_tag(takes_context=True)
def parts(context: Context, slot: str) -> SafeString:
    """What rooms show at this place of the page."""
    return mark_safe("".join(_show(part, context) for part in index.parts(slot)))  # noqa: S308 (rendered templates)


def _show(part: Part, context: Context) -> str:
    added = part.context(context["request"]) if part.context else {}
    if added is None or context.template is None:
        return ""
    with context.push(**added):
        return str(context.template.engine.get_template(part.template).render(context))


@register.simple_tag(takes_context=True)
def mailed_secret(context: Context) -> SafeString:
    """The hidden field with which a form takes the secret of a mailed link along, or says whose session it is from."""
    request = context["request"]
    hop = hops.of(request)
    if hop:
        return format_html('<input type="hidden" name="{}" value="{}">', hops.FIELD, hop.secret)
    if not request.user.is_authenticated:
        return SafeString("")  # a token would begin a session, and with it a cookie
    # The page's own, made once: each further one takes 32 random letters, and some pages have a form in every row.
    token = context.get("csrf_token") or get_token(request)
    return format_html('<input type="hidden" name="csrfmiddlewaretoken" value="{}">', token)


@register.simple_tag
def story_lines(lines: Sequence[StoryLine], receipts: object = None) -> SafeString:
    """Lines of a history, inside an <ol>; with `receipts` each entry can be downloaded."""
    return write_lines(lines, receipts=bool(receipts))


@register.simple_tag(takes_context=True)
def messages(context: Context, shown: Sequence[ShownMessage], steps: Sequence[ProgressStep], action: str) -> SafeString:
    """The messages of a request and what happened between them, inside an <ol>, for its customer."""
    policy = reference.policy_if_known()
    us = policy.short_name if policy else ""
    return write_messages(shown, steps, action=action, secret=cache(lambda: mailed_secret(context)), us=us)


@register.simple_tag(takes_context=True)
def value_rows(context: Context, held: Sequence[HeldValue], *titles: str) -> SafeString:
    """What we hold, inside a <tbody>; `titles` of the columns that follow the first one."""
    secret, policy = mailed_secret(context), reference.policy_if_known()
    here = format_html('{}<input type="hidden" name="page" value="{}">', secret, context["page"].number)
    address, viewer = policy.privacy_email if policy else "", context["viewer"]
    return write_held(held, HeldLook(titles, viewer.profile, secret, here, address, signed_in=not viewer.mailed))


@register.simple_tag(takes_context=True)
def first_hop(context: Context) -> SafeString:
    """The script that takes a mailed secret out of the address bar; nothing where there is none in it."""
    hop = hops.of(context["request"]) if "request" in context else None
    if hop is None or not hop.first:
        return SafeString("")
    return format_html(
        '<script src="{}" integrity="{}" data-address="{}"></script>',
        static("troth/first-hop.js"),
        _integrity("troth/first-hop.js"),
        hop.address,
    )


@register.filter
def unbroken(words: str) -> SafeString:
    """The words, with each request's number in them on one line: Q-2026-0003 doesn't break at its hyphens."""
    return mark_safe(_NUMBER.sub(r'<span class="nowrap">\g<0></span>', conditional_escape(words)))  # noqa: S308 (escaped)


@register.filter
def own_name(language: str) -> str:
    """The name of a language in itself: de → Deutsch."""
    return languages.describe(language).name


@register.filter(name="join_words")
def list_words(parts: Iterable[str]) -> str:
    """“Name, Email and Phone”, inside a sentence."""
    return join_words([str(part) for part in parts], _)


@register.filter
def why(stored: str) -> str:
    """The sentence of a reason that is stored as code and names."""
    return why_in_words(stored)


@register.filter
def as_read(value: str, kind: str) -> str:
    """A stored value as people read it: "+1 559-555-0134", "Germany". As it is, if the policy lacks the kind."""
    stated = policy().kinds.get(kind)
    return in_words(stated, value) if stated and value else value


@register.filter
def in_force(effective: date, length: str = "long") -> str:
    """For example in force since November 20, 2026, or in force, dated a day that is still to come."""
    written = marks.day if length == "short" else marks.day_long
    return times.describe_start(effective, written(effective))


@register.simple_tag
def announce(version: int, effective: date, *, coming: bool = False) -> str:
    """That a version is in force, by the day of rendering, for an email may leave days after planning; or will be."""
    return times.announce(version, effective, marks.day_long(effective), coming=coming)


@register.filter
def money(amount: Decimal | None, currency: str) -> str:
    """For example $1,250.00, €80.00 or CHF 95.00."""
    if amount is None:
        return ""
    return f"{'−' if amount < 0 else ''}{_CURRENCIES.get(currency, f'{currency} ')}{abs(amount):,.2f}"


@register.simple_tag
def headers(*titles: str, right: int = 0, figures: int = 0) -> SafeString:
    """Head of a stacked table; `right` is the column (from 1) that holds figures, `figures` the first of several."""
    cells = format_html_join(
        "",
        '<th scope="col" role="columnheader"{}>{}</th>',
        (
            (SafeString(' class="num"') if at == right or 0 < figures <= at else "", title)
            for at, title in enumerate(titles, start=1)
        ),
    )
    return format_html('<thead role="rowgroup"><tr role="row">{}</tr></thead>', cells)


@register.simple_tag(takes_context=True)
def goto(context: Context, address: str, words: str) -> SafeString:
    """A link of the navigation; it carries aria-current on its own page and on those beneath it."""
    here = is_here(getattr(context.get("request"), "path", ""), address)
    return format_html('<a href="{}"{}>{}</a>', address, SafeString(' aria-current="page"') if here else "", words)


@register.simple_tag
def options(pairs: Iterable[tuple[object, object]], chosen: object = "") -> SafeString:
    """The options of a list, as (value, title), the chosen one selected."""
    return write_options(pairs, chosen)


@register.simple_tag
def checks(name: str, pairs: Iterable[tuple[object, object]], chosen: Iterable[str] = ()) -> SafeString:
    """A checkbox for each of (value, title), inside a fieldset; the chosen ones are checked."""
    return write_checks(name, pairs, chosen)


@register.simple_tag(takes_context=True)
def frame(context: Context, template: str, menu: Menu | None = None) -> SafeString:
    """A part of the frame that looks alike for everyone, made once."""
    return show_part(template, path=getattr(context.get("request"), "path", ""), menu=menu)
