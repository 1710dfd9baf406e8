"""The rows of what we hold about a person, written by a function: a page has twenty-five of them, much alike."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from uuid import UUID

from django.template.defaultfilters import linebreaksbr
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from troth.files import Attached
from troth.markup import format_html, format_html_join, join_html
from troth.policy.terms import Kind
from troth.web import marks


class _Datum(Protocol):
    id: UUID
    collected_utc: datetime


class _Use(Protocol):
    @property
    def section(self) -> str: ...
    @property
    def title(self) -> str: ...
    @property
    def times(self) -> int: ...
    @property
    def last_utc(self) -> datetime: ...


class HeldValue(Protocol):
    """What a row says of one value.

    hidden      why it can't be seen; change: what the button says, where it is changeable
    place       where it came from; under: which version of the policy; kept: until when"""

    @property
    def kind(self) -> Kind: ...
    @property
    def datum(self) -> _Datum: ...
    @property
    def value(self) -> str: ...
    @property
    def hidden(self) -> str: ...
    @property
    def files(self) -> Sequence[Attached]: ...
    @property
    def place(self) -> str: ...
    @property
    def under(self) -> str: ...
    @property
    def kept(self) -> str: ...
    @property
    def uses(self) -> Sequence[_Use]: ...
    @property
    def changeable(self) -> bool: ...
    @property
    def change(self) -> str: ...


@dataclass(frozen=True)
class HeldLook:
    """What all rows of a page have in common.

    titles          of the columns: value, source, uses, change
    action          of the forms that fetch files or change a value; secret, fields: what is hidden in either
    privacy_email   who corrects what nobody may change here"""

    titles: Sequence[str]
    action: str
    secret: SafeString
    fields: SafeString
    privacy_email: str


def write_held(values: Iterable[HeldValue], look: HeldLook) -> SafeString:
    """All rows, inside a <tbody>."""
    language = marks.site_language()
    return join_html(_write_row(each, look, language) for each in values)


def _write_row(held: HeldValue, look: HeldLook, language: SafeString) -> SafeString:
    value, source, uses, change = map(marks.cell, look.titles)
    return format_html(
        '<tr role="row"><th{}><span{}>{}</span></th><td{}>{}{}</td><td{}>{}</td><td{}>{}</td><td{}>{}</td></tr>\n',
        marks.row_header(),
        language,
        held.kind.title,
        value,
        _small(held.hidden) if held.hidden else linebreaksbr(held.value),
        join_html(_write_file(file, held, look) for file in held.files),
        source,
        _write_source(held, language),
        uses,
        _write_uses(held.uses),
        change,
        _write_change(held, look),
    )


def _write_source(held: HeldValue, language: SafeString) -> SafeString:
    return format_html(
        '<span{}>{}</span><br><span class="meta">{}, {}<br>{} {}</span>',
        language,
        held.place,
        marks.moment(held.datum.collected_utc),
        held.under,
        held.kept,
        marks.section(held.kind.section),
    )


def _write_uses(uses: Sequence[_Use]) -> SafeString:
    if not uses:
        return _small(_("nothing yet"))
    told = ((marks.section(use.section, use.title), _small(_count(use))) for use in uses)
    return format_html_join(SafeString("<br>"), "{} {}", told)


def _count(use: _Use) -> str:
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


def _write_change(held: HeldValue, look: HeldLook) -> SafeString:
    if not held.changeable:
        return _confirm_first() if held.kind.id == "email" else _write_to(look.privacy_email)
    return format_html(
        '<form method="post" action="{}">{}<input type="hidden" name="datum" value="{}">'
        '<button class="link" name="do" value="edit">{}</button></form>',
        look.action,
        look.fields,
        held.datum.id,
        held.change,
    )


def _confirm_first() -> SafeString:
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
