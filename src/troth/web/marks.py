"""Times, states and sections as pages show them: templates have them as tags, rows by these functions.

section("U6")                  § and the section's name, linked: the only way a page points at the policy
policy_quote("U6")             the policy's own words, with their section and version
state("warn", _("due"))        a state as a word with its mark; seal() is the site's own mark
facts(pairs)                   titles and what they say, inside a <dl>
weekday(at), clock(at)         parts of a moment; moment(at) is all of it, due(at) a time to come
day(at), day_long(at)          a day as words, of a date as well
row_header(), cell(_("Value")) attributes in a table that becomes a list where there is no room for it
"""

from collections.abc import Callable, Sequence
from datetime import date, datetime, tzinfo
from functools import lru_cache
from typing import Literal

from django import template
from django.utils import formats, timezone
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext, pgettext

from troth import in_force
from troth.collection.forms.types.figures import format_time
from troth.desk.lists.rows import write_state
from troth.markup import format_html, format_html_join
from troth.policy.page import find_direction
from troth.policy.terms import Policy
from troth.web import reference
from troth.web.quoting import quote

_SEAL = format_html(
    '<svg class="seal" viewBox="0 0 24 24" aria-hidden="true"><path d="M13.70 8.18A6.25 6.25 0 1 1 9.87 5.85"/>'
    '<path d="M10.30 15.82A6.25 6.25 0 1 1 14.13 18.15"/></svg>'
)
_STATES = ("", "kept", "warn", "stop", "in", "out", "own")


def seal() -> SafeString:
    """Two joined rings: the product's own name, a kept promise, a proof; nowhere else."""
    return _SEAL


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
    return in_force.law().versions.get(version, known) if known and version else known


def _page_of(version: int) -> str:
    known = reference.policy_if_known()
    return f"/policy/{version}" if version and known and version != known.version else "/policy"


def state(kind: str, words: str) -> SafeString:
    """A state as a word with its mark in front: "" open, kept, warn (due), stop (failed), in, out; own has none."""
    if kind not in _STATES:
        raise template.TemplateSyntaxError(f"state is one of {', '.join(_STATES[1:])} or empty, not {kind}")
    return write_state(kind, words if isinstance(words, str) else str(words))


def facts(pairs: Sequence[tuple[str, str]]) -> SafeString:
    """Titles and facts inside a list of terms."""
    return format_html_join("", "<dt>{}</dt><dd>{}</dd>", pairs)


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


def moment(at: datetime | None) -> SafeString:
    """For example Nov 20, 2026., 2:02 PM PST, machine-readable as well."""
    return _time(at, "moment")


def due(at: datetime | None) -> SafeString:
    """For example Mon, Nov 30, 5:00 PM PST."""
    return _time(at, "due")


def weekday(at: datetime | None) -> SafeString:
    """For example Fri, Nov 20, 2026."""
    return _time(at, "weekday")


def clock(at: datetime | None) -> SafeString:
    """For example 2:02 PM PST."""
    return _time(at, "clock")


def prepare_times(name: Literal["moment", "due", "weekday", "clock"]) -> Callable[[datetime], SafeString]:
    """One of these four for many times: the zone and the language are looked up once."""
    zone, language = timezone.get_current_timezone(), get_language()
    return lambda at: _tag_time(at, name, zone, language)


def day(at: date | datetime | None) -> str:
    """For example Nov 20, 2026."""
    return _format(at, pgettext("date format: Nov 20, 2026", "M j, Y"))


def day_long(at: date | datetime | None) -> str:
    """For example November 20, 2026."""
    return _format(at, pgettext("date format: November 20, 2026", "F j, Y"))


def row_header() -> SafeString:
    return SafeString(' scope="row" role="rowheader"')


@lru_cache(maxsize=256, typed=True)
def cell(column: str) -> SafeString:
    """Attributes of a cell that names its column where the table has become a list."""
    return format_html(' role="cell" data-th="{}"', column)


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
