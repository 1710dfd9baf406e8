"""The lines of a history, written by a function: a page has twenty, and most of them say the same as another one."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from troth.markup import format_html, join_html
from troth.web import marks
from troth.words.story import LineAbout, Saying, StoryLine

_NOTHING = SafeString("")


@dataclass(frozen=True)
class _Told:
    """What a saying looks like, made once for all lines that say it.

    words   the sentence and its state; after  the section and the kinds of data
    quoted  the policy's words behind “Why?”"""

    words: SafeString
    after: SafeString
    quoted: SafeString


@dataclass(frozen=True)
class _Look:
    """What all lines of a page have in common.

    receipts  whether each entry can be downloaded, by a button of the words `download`"""

    receipts: bool
    why: str
    download: str
    clock: Callable[[datetime], SafeString]


def write_lines(lines: Iterable[StoryLine], *, receipts: bool) -> SafeString:
    """All lines, inside an <ol>.   Takes  receipts: whether each entry can be downloaded"""
    look = _Look(receipts, _("Why?"), _("Download receipt"), marks.prepare_times("clock"))
    told: dict[int, _Told] = {}
    written = []
    for line in lines:
        said = told.get(id(line.said)) or told.setdefault(id(line.said), _tell(line.said))
        written.append(_write_line(line, said, look))
    return join_html(written)


def _tell(said: Saying) -> _Told:
    return _Told(
        words=format_html('<p>{}</p><div class="tail">{}', said.sentence, _write_state(said)),
        after=format_html(
            " {} {}",
            marks.section(said.anchor, said.section, said.version) if said.section else _NOTHING,
            _write_kinds(said) if said.which else _NOTHING,
        ),
        quoted=marks.policy_quote(said.anchor, said.quotation, said.version) if said.quotation else _NOTHING,
    )


def _write_state(said: Saying) -> SafeString:
    if said.promise_kept:
        return format_html('<span class="state kept own">{} {}</span>', marks.seal(), said.word)
    return marks.state(said.state, said.word)


def _write_kinds(said: Saying) -> SafeString:
    title = _("Which %(number)s?") % {"number": said.number}
    return format_html('<details class="why"><summary>{}</summary><p>{}</p></details>', title, said.which)


def _write_line(line: StoryLine, told: _Told, look: _Look) -> SafeString:
    return format_html(
        '<li><p class="when">{}{}</p><div>{}{}{}<details class="why"><summary>{}</summary>{}'
        '<dl class="facts">{}{}{}</dl>{}</details></div></div></li>\n',
        format_html("<b>{}</b>", marks.weekday(line.at_utc)) if line.new_day else _NOTHING,
        look.clock(line.at_utc),
        told.words,
        _write_about(line.about) if line.about else _NOTHING,
        told.after,
        look.why,
        told.quoted,
        _write_receipt(line.receipt) if line.receipt else _NOTHING,
        marks.facts([(_("Why this recipient"), line.reason)]) if look.receipts and line.reason else _NOTHING,
        marks.facts(line.facts),
        _write_download(line, look.download) if look.receipts else _NOTHING,
    )


def _write_about(about: LineAbout) -> SafeString:
    if not about.address:
        return format_html(" {}", about.title)
    return format_html(' <a href="{}">{}</a>', about.address, about.title)


def _write_receipt(address: str) -> SafeString:
    return format_html('<dt>{}</dt><dd><a href="{}">{}</a></dd>', _("Request"), address, _("See receipt"))


def _write_download(line: StoryLine, words: str) -> SafeString:
    button = '<p><button class="link" form="receipts" name="entry" value="{}">{}</button></p>'
    return format_html(button, line.id, words)
