"""The rows of what we hold about a person, written by a function: a page has twenty-five of them, much alike."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache

from django.template.defaultfilters import linebreaksbr
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from troth.files import Attached
from troth.markup import format_html, format_html_join, join_html
from troth.web import marks
from troth.words.held import HeldUse, HeldValue
from troth.words.values import in_sentence


@dataclass(frozen=True)
class HeldLook:
    """What all rows of a page have in common.

    titles          of the columns: value, source, uses, change
    action          of the forms that fetch files or change a value; secret, fields: what is hidden in either
    privacy_email   who corrects what nobody may change here
    signed_in       whether the reader has an account, where an address is changed"""

    titles: Sequence[str]
    action: str
    secret: SafeString
    fields: SafeString
    privacy_email: str
    signed_in: bool


def write_held(values: Iterable[HeldValue], look: HeldLook) -> SafeString:
    """All rows, inside a <tbody>."""
    page = _Page(
        look,
        language=marks.site_language(),
        cells=[*map(marks.cell, look.titles)],
        moment=marks.prepare_times("moment"),
        section=cache(marks.section),
        under=cache(_name_version),
        uses=cache(_write_uses),
        change=cache(_name_change),
    )
    return join_html(_write_row(each, page) for each in values)


@dataclass(frozen=True)
class _Page:
    """The rows' look, with what is asked for each row and mostly the same: it is put into words once."""

    look: HeldLook
    language: SafeString
    cells: Sequence[SafeString]
    moment: Callable[[datetime], SafeString]
    section: Callable[[str], SafeString]
    under: Callable[[int], str]
    uses: Callable[[Sequence[HeldUse]], SafeString]
    change: Callable[[str], str]


def _write_row(held: HeldValue, page: _Page) -> SafeString:
    value, source, uses, change = page.cells
    return format_html(
        '<tr role="row"><th{}><span{}>{}</span></th><td{}>{}{}</td><td{}>{}</td><td{}>{}</td><td{}>{}</td></tr>\n',
        marks.row_header(),
        page.language,
        held.kind.title,
        value,
        _small(held.hidden) if held.hidden else _break_lines(held.value),
        join_html(_write_file(file, held, page.look) for file in held.files),
        source,
        _write_source(held, page),
        uses,
        page.uses(held.uses),
        change,
        _write_change(held, page),
    )


def _break_lines(words: str) -> str:
    """Most values have one line, and Django's filter takes a fifth of a row to see that."""
    return linebreaksbr(words) if "\n" in words or "\r" in words else words


def _write_source(held: HeldValue, page: _Page) -> SafeString:
    return format_html(
        '<span{}>{}</span><br><span class="meta">{}, {}<br>{} {}</span>',
        page.language,
        held.place,
        page.moment(held.datum.collected_utc),
        page.under(held.datum.version),
        held.kept,
        page.section(held.kind.section),
    )


def _name_version(number: int) -> str:
    """The version of the policy that it came in under."""
    return _("policy version %(version)s") % {"version": number} if number else _("under an unknown policy version")


def _name_change(title: str) -> str:
    """What the button says that changes a value of this kind."""
    return _("Correct or remove %(kind)s") % {"kind": in_sentence(title)}


def _write_uses(uses: Sequence[HeldUse]) -> SafeString:
    if not uses:
        return _small(_("nothing yet"))
    told = ((marks.section(use.section, use.title), _small(_count(use))) for use in uses)
    return format_html_join(SafeString("<br>"), "{} {}", told)


def _count(use: HeldUse) -> str:
    words = ngettext("once, %(last)s", "%(times)s times, last %(last)s", use.times)
    return words % {"times": use.times, "last": marks.day(use.last_utc)}


def _write_file(file: Attached, held: HeldValue, look: HeldLook) -> SafeString:
    return format_html(
        '<form method="post" action="{}">{}<input type="hidden" name="datum" value="{}">'
        '<input type="hidden" name="file" value="{}"><button class="link" name="do" value="file">{}</button></form>',
        look.action,
        look.secret,
        held.datum.id,
        file.id,
        _("Download %(name)s") % {"name": file.name},
    )


def _write_change(held: HeldValue, page: _Page) -> SafeString:
    look = page.look
    if not held.changeable:
        return _confirm_first(look) if held.kind.id == "email" else _write_to(look.privacy_email)
    return format_html(
        '<form method="post" action="{}">{}<input type="hidden" name="datum" value="{}">'
        '<button class="link" name="do" value="edit">{}</button></form>',
        look.action,
        look.fields,
        held.datum.id,
        page.change(held.kind.title),
    )


def _confirm_first(look: HeldLook) -> SafeString:
    if not look.signed_in:
        words = _("We confirm a new address before we use it. To change this one, email {}.")
        return format_html('<span class="meta">{}</span>', format_html(words, _link_to(look.privacy_email)))
    return format_html(
        '<span class="meta">{} <a href="/account/address/">{}</a></span>',
        _("We confirm a new address first."),
        _("Change it in your account"),
    )


def _write_to(address: str) -> SafeString:
    words = _("This is a record of what happened. If it’s wrong, email {}.")
    return format_html('<span class="meta">{}</span>', format_html(words, _link_to(address)))


def _link_to(address: str) -> SafeString:
    return format_html('<a href="mailto:{0}">{0}</a>', address)


def _small(words: str) -> SafeString:
    return format_html('<span class="meta">{}</span>', words)
