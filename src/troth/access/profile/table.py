"""What we hold about a person as a table, written by a function: a page has twenty-five rows, much alike."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.template.defaultfilters import linebreaksbr
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from troth.access.profile.holding import ProfileValue, Use
from troth.files import Attached
from troth.markup import format_html, format_html_join, join_html
from troth.web import marks


@dataclass(frozen=True)
class TableLook:
    """What all rows of a page have in common.

    action          of the forms that fetch files or change a value; secret, fields: what is hidden in either
    privacy_email   who corrects what nobody may change here"""

    action: str
    secret: SafeString
    fields: SafeString
    privacy_email: str


def write_table(values: Iterable[ProfileValue], look: TableLook) -> SafeString:
    titles = [_("What"), _("Value"), _("Came from"), _("Used for"), _("Change")]
    cells, language = [marks.cell(title) for title in titles[1:]], marks.site_language()
    return format_html(
        '<table role="table" class="stack">{}<tbody role="rowgroup">{}</tbody></table>\n',
        marks.headers(*titles),
        join_html(_write_row(each, look, cells, language) for each in values),
    )


def _write_row(held: ProfileValue, look: TableLook, cells: Sequence[SafeString], language: SafeString) -> SafeString:
    value, source, uses, change = cells
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


def _write_source(held: ProfileValue, language: SafeString) -> SafeString:
    return format_html(
        '<span{}>{}</span><br><span class="meta">{}, {}<br>{} {}</span>',
        language,
        held.place,
        marks.moment(held.datum.collected_utc),
        held.under,
        held.kept,
        marks.section(held.kind.section),
    )


def _write_uses(uses: Sequence[Use]) -> SafeString:
    if not uses:
        return _small(_("nothing yet"))
    told = ((marks.section(use.section, use.title), _small(_count(use))) for use in uses)
    return format_html_join(SafeString("<br>"), "{} {}", told)


def _count(use: Use) -> str:
    words = ngettext("once, %(last)s", "%(times)s times, last %(last)s", use.times)
    return words % {"times": use.times, "last": marks.day(use.last_utc)}


def _write_file(file: Attached, held: ProfileValue, look: TableLook) -> SafeString:
    return format_html(
        '<form method="post" action="{}">{}<input type="hidden" name="datum" value="{}">'
        '<input type="hidden" name="file" value="{}"><button class="link" name="do" value="file">{}</button></form>',
        look.action,
        look.secret,
        held.datum.id,
        file.id,
        _("Download %(name)s") % {"name": file.name},
    )


def _write_change(held: ProfileValue, look: TableLook) -> SafeString:
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
