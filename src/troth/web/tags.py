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
{% control field %}                       a form field, described by its error, hint and reason
{% mailed_secret %}                       in each form of a page that a mailed link opens: the secret, hidden
{% hide_fields page=2 as fields %}      the same with further fields, for a table with a form in every row
{% options kinds asked.kind %}            the options of a list, as (value, title), with the chosen one
{% goto "/products/" _("Products") %}     a link of the navigation that knows where it is
{% frame "web/parts/footer.html" %}       a part of the frame that looks alike for everyone: troth.web.frame
{% script "troth/kept.js" %}              our own script, which the browser runs only if it is the one that was meant
{% promised "quotes.answer" as time %}     the time of a promise of the policy in words; empty where no rule states it
{% site_language %}                       lang="…" for the site's own words, where the shell speaks another language
"""

import base64
import hashlib
from collections.abc import Iterable, Sequence
from datetime import date, datetime, tzinfo
from decimal import Decimal
from functools import cache, lru_cache
from pathlib import Path

from django import template
from django.contrib.staticfiles import finders
from django.forms import BoundField
from django.middleware.csrf import get_token
from django.template import Context
from django.templatetags.static import static
from django.utils import formats, timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, gettext, pgettext

from troth.collection.forms.select import write_options
from troth.collection.forms.types.figures import format_time
from troth.desk import index
from troth.desk.charts import Bar, chart
from troth.desk.room import Part
from troth.desk.rows import write_state
from troth.policy.page import find_direction
from troth.policy.terms import Policy
from troth.security import hops
from troth.security.entrances import Entrance, address_of
from troth.web import languages, reference
from troth.web.frame import Menu, is_here, show_part
from troth.web.money import format_money
from troth.web.quoting import quote
from troth.words import promises, times
from troth.words.values import in_words, why_in_words

register = template.Library()

_SEAL = (
    '<svg class="seal" viewBox="0 0 24 24" aria-hidden="true"><path d="M13.70 8.18A6.25 6.25 0 1 1 9.87 5.85"/>'
    '<path d="M10.30 15.82A6.25 6.25 0 1 1 14.13 18.15"/></svg>'
)
_STATES = ("", "kept", "warn", "stop", "in", "out", "own")


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


@register.simple_tag
def seal() -> SafeString:
    """Two joined rings: the product's own name, a kept promise, a proof; nowhere else."""
    return mark_safe(_SEAL)  # noqa: S308 (a constant)


@register.simple_tag
def section(anchor: str, name: str = "", version: int = 0) -> SafeString:
    """§ and the name of the section, linked; in the version of its day, if one is given that is not in force now.

    Of one that the policy does not have, the name that was given, alone."""
    policy = _policy_of(version)
    found = policy.section(anchor) if policy else None
    if policy is not None and found is None:
        return format_html("{}", name)
    name = name or (found.title if found else anchor)
    return _link(_page_of(version), anchor, site_language(), name)


@lru_cache(maxsize=1_024, typed=True)  # by type, too: a safe string is not a plain one that reads the same
def _link(page: str, anchor: str, language: SafeString, name: str) -> SafeString:
    return format_html('<a class="s" href="{}#{}"{}>{}</a>', page, anchor, language, name)


@register.simple_tag
def policy_quote(anchor: str, words: str = "", version: int = 0) -> SafeString:
    """The policy's own words; without `words`, the sentence that the section is quoted by."""
    policy = _policy_of(version)
    words = quote(policy, anchor, words) if policy else words
    if not words:
        return SafeString("")
    number = version or (policy.version if policy else 0)
    return _quotation(words, site_language(), section(anchor, version=version), number, get_language())


@lru_cache(maxsize=1_024, typed=True)
def _quotation(words: str, language: SafeString, named: SafeString, number: int, spoken: str | None) -> SafeString:
    """Of a history most entries quote the same few sections.   `spoken`: the shell's language, in which it is made."""
    return format_html(
        "<blockquote><span{}>{}</span><footer>{} {}</footer></blockquote>",
        language,
        words,
        named,
        gettext("of the policy, version %(version)s") % {"version": number or ""},
    )


def _policy_of(version: int) -> Policy | None:
    """The policy of a version; the one in force without a number. None while the database is away."""
    known = reference.policy_if_known()
    return reference.law().versions.get(version, known) if known and version else known


def _page_of(version: int) -> str:
    known = reference.policy_if_known()
    return f"/policy/{version}" if version and known and version != known.version else "/policy"


@register.simple_tag
def state(kind: str, words: str) -> SafeString:
    """A state as a word with its mark in front: "" open, kept, warn (due), stop (failed), in, out; own has none."""
    if kind not in _STATES:
        raise template.TemplateSyntaxError(f"state is one of {', '.join(_STATES[1:])} or empty, not {kind}")
    return write_state(kind, words if isinstance(words, str) else str(words))


@register.simple_tag
def facts(pairs: Sequence[tuple[str, str]]) -> SafeString:
    """Titles and facts inside a list of terms."""
    return format_html_join("", "<dt>{}</dt><dd>{}</dd>", pairs)


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


@register.simple_tag(takes_context=True)
def hide_fields(context: Context, **named: object) -> SafeString:
    """The secret of a form and further fields, made once where every row of a table has such a form."""
    fields = format_html_join("", '<input type="hidden" name="{}" value="{}">', named.items())
    return format_html("{}{}", mailed_secret(context), fields)


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


@register.simple_tag
def site_language() -> SafeString:
    """` lang="en"` around the site's own words when the shell speaks another language; else nothing."""
    written_in = reference.language()
    spoken = (get_language() or written_in).partition("-")[0]
    if spoken == written_in.partition("-")[0]:
        return SafeString("")
    direction = find_direction(written_in)
    if direction == find_direction(spoken):
        return format_html(' lang="{}"', written_in)
    return format_html(' lang="{}" dir="{}"', written_in, direction)


@register.filter
def own_name(language: str) -> str:
    """The name of a language in itself: de → Deutsch."""
    return languages.describe(language).name


@register.filter
def why(stored: str) -> str:
    """The sentence of a reason that is stored as code and names."""
    return why_in_words(stored)


@register.filter
def as_read(value: str, kind: str) -> str:
    """A stored value as people read it: "+1 559-555-0134", "Germany". As it is, if the policy lacks the kind."""
    stated = reference.policy().kinds.get(kind)
    return in_words(stated, value) if stated and value else value


@register.filter
def day(at: date | datetime | None) -> str:
    """For example Nov 20, 2026."""
    return _format(at, pgettext("date format: Nov 20, 2026", "M j, Y"))


@register.filter
def day_long(at: date | datetime | None) -> str:
    """For example November 20, 2026."""
    return _format(at, pgettext("date format: November 20, 2026", "F j, Y"))


@register.filter
def in_force(effective: date, length: str = "long") -> str:
    """For example in force since November 20, 2026, or in force, dated a day that is still to come."""
    return times.describe_start(effective, day(effective) if length == "short" else day_long(effective))


@register.simple_tag
def announce(version: int, effective: date, *, coming: bool = False) -> str:
    """That a version is in force, by the day of rendering, for an email may leave days after planning; or will be."""
    return times.announce(version, effective, day_long(effective), coming=coming)


@register.filter
def moment(at: datetime | None) -> SafeString:
    """For example Nov 20, 2026., 2:02 PM PST, machine-readable as well."""
    return _time(at, "moment")


@register.filter
def due(at: datetime | None) -> SafeString:
    """For example Mon, Nov 30, 5:00 PM PST."""
    return _time(at, "due")


@register.filter
def weekday(at: datetime | None) -> SafeString:
    """For example Fri, Nov 20, 2026."""
    return _time(at, "weekday")


@register.filter
def clock(at: datetime | None) -> SafeString:
    """For example 2:02 PM PST."""
    return _time(at, "clock")


@register.filter
def money(amount: Decimal | None, currency: str) -> str:
    """For example $95.00."""
    return "" if amount is None else format_money(amount, currency)


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


@register.simple_tag
def row_header() -> SafeString:
    return SafeString(' scope="row" role="rowheader"')


@register.simple_tag
@lru_cache(maxsize=256, typed=True)
def cell(column: str) -> SafeString:
    """Attributes of a cell that names its column where the table has become a list."""
    return format_html(' role="cell" data-th="{}"', column)


@register.simple_tag
def control(field: BoundField) -> SafeString:
    """The control, described by its error, its hint and its reason, in this order."""
    name = field.auto_id
    described = [f"{name}-error"] if field.errors else []
    described += [f"{name}-hint"] if field.help_text else []
    described += [f"{name}-why"] if getattr(field.field, "reason", "") or getattr(field.field, "section", "") else []
    attributes: dict[str, str | bool] = {"aria-describedby": " ".join(described)} if described else {}
    attributes |= {"aria-invalid": "true"} if field.errors else {}
    return field.as_widget(attrs=attributes)


@register.simple_tag(takes_context=True)
def goto(context: Context, address: str, words: str) -> SafeString:
    """A link of the navigation; it carries aria-current on its own page and on those beneath it."""
    here = is_here(getattr(context.get("request"), "path", ""), address)
    return format_html('<a href="{}"{}>{}</a>', address, SafeString(' aria-current="page"') if here else "", words)


@register.simple_tag
def options(pairs: Iterable[tuple[object, object]], chosen: object = "") -> SafeString:
    """The options of a list, as (value, title), the chosen one selected."""
    return write_options(pairs, chosen)


@register.simple_tag(takes_context=True)
def frame(context: Context, template: str, menu: Menu | None = None) -> SafeString:
    """A part of the frame that looks alike for everyone, made once."""
    return show_part(template, path=getattr(context.get("request"), "path", ""), menu=menu)


@register.simple_tag
def bars(items: Sequence[Bar], *, title: str, description: str, limit: str = "", defs: bool = True) -> SafeString:
    """A bar chart as SVG; the page shows the same figures as a table beside it."""
    return chart(items, title=title, description=description, limit=limit, defs=defs)


def _format(at: date | datetime | None, pattern: str) -> str:
    if at is None:
        return ""
    return format_time(at, pattern) if isinstance(at, datetime) else formats.date_format(at, pattern)


def _time(at: datetime | None, name: str) -> SafeString:
    return SafeString("") if at is None else _tag_time(at, name, timezone.get_current_timezone(), get_language())


@lru_cache(maxsize=2_048)
def _tag_time(at: datetime, name: str, zone: tzinfo, language: str | None) -> SafeString:
    local = at.astimezone(zone).isoformat(timespec="seconds")
    return format_html('<time datetime="{}">{}</time>', local, format_time(at, _PATTERNS[name](), zone))


_PATTERNS = {
    "moment": lambda: pgettext("date format: Nov 20, 2026, 2:02 PM PST", "M j, Y, g:i A T"),
    "due": lambda: pgettext("date format: Mon, Nov 30, 5:00 PM PST", "D, M j, g:i A T"),
    "weekday": lambda: pgettext("date format: Fri, Nov 20, 2026", "D, M j, Y"),
    "clock": lambda: pgettext("date format: 2:02 PM PST", "g:i A T"),
}
