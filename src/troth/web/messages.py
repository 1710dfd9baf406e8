"""The messages of a request on its customer's page, and what happened between them, written by a function.

The words of a message look the same there and in the console: write_words.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.template.defaultfilters import filesizeformat, linebreaks_filter
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from troth.cases.thread.folding import MessagePart
from troth.cases.thread.reading import ShownMessage, shorten
from troth.desk.portal import ProgressStep
from troth.files import Attached
from troth.markup import format_html, join_html
from troth.web import marks

_NOTHING = SafeString("")


@dataclass(frozen=True)
class _Look:
    """What all messages of a page have in common.

    action, secret  of the forms that fetch files; us  who we are, where staff have no name; you  the customer"""

    action: str
    secret: Callable[[], SafeString]
    us: str
    you: str
    clock: Callable[[datetime], SafeString]


def write_messages(
    messages: Iterable[ShownMessage],
    steps: Iterable[ProgressStep],
    *,
    action: str,
    secret: Callable[[], SafeString],
    us: str,
) -> SafeString:
    """All messages and what happened, oldest first, inside an <ol>; in a long conversation, a fold has the middle.

    Takes   action, secret: of the forms that fetch files; us: who we are, where staff have no name"""
    look = _Look(action, secret, us, _("You"), marks.prepare_times("clock"))
    messages = [*messages]
    lines = _join_steps(sorted([*messages, *steps], key=lambda line: line.at_utc))
    _shown, left_out = shorten(messages)
    if left_out is None:
        return _write_lines(lines, look)
    between = _write_lines([line for line in lines if left_out.covers(line.at_utc)], look)
    fold = '<details class="why"><summary>{}</summary><ol class="ledger thread">{}</ol></details>'
    return format_html(
        f'{{}}<li class="routine earlier">{fold}</li>\n{{}}',
        _write_lines([line for line in lines if line.at_utc <= left_out.after_utc], look),
        left_out.tell(),
        between,
        _write_lines([line for line in lines if line.at_utc >= left_out.before_utc], look),
    )


def _write_lines(lines: Sequence[ShownMessage | ProgressStep], look: _Look) -> SafeString:
    days = [timezone.localdate(line.at_utc) for line in lines]
    return join_html(
        _write_line(line, look, begins_day=day != before)
        for line, day, before in zip(lines, days, [None, *days], strict=False)
    )


def _join_steps(lines: Sequence[ShownMessage | ProgressStep]) -> list[ShownMessage | ProgressStep]:
    """What happened within one minute as one line: a request that comes in is passed on and told of at once."""
    joined: list[ShownMessage | ProgressStep] = []
    for line in lines:
        last = joined[-1] if joined else None
        if isinstance(line, ProgressStep) and isinstance(last, ProgressStep) and _is_same_minute(last, line):
            joined[-1] = ProgressStep(last.at_utc, f"{last.text} {line.text}", last.due_utc or line.due_utc)
        else:
            joined.append(line)
    return joined


def _is_same_minute(one: ProgressStep, other: ProgressStep) -> bool:
    return one.at_utc.replace(second=0, microsecond=0) == other.at_utc.replace(second=0, microsecond=0)


def write_words(message: ShownMessage) -> SafeString:
    """Its words; of an email, what it quotes is folded, and the whole text is a click away."""
    if not message.quotes:
        return linebreaks_filter(message.words)
    return format_html(
        "{}{}", join_html(map(_write_part, message.parts)), _fold(_("Whole message"), linebreaks_filter(message.words))
    )


def _write_line(line: ShownMessage | ProgressStep, look: _Look, *, begins_day: bool) -> SafeString:
    """A message, or what happened by itself, under the day that it begins."""
    day = format_html("<b>{}</b>", marks.weekday(line.at_utc)) if begins_day else _NOTHING
    when = format_html('<p class="when">{}{}</p>', day, look.clock(line.at_utc))
    if isinstance(line, ProgressStep):
        due = format_html(_("Answer due by {}."), marks.due(line.due_utc)) if line.due_utc else _NOTHING
        step = '<li class="auto">{}<div><p><span class="tag">{}</span> {} {}</p></div></li>\n'
        return format_html(step, when, _("status"), line.text, due)
    return _write_message(line, when, look)


def _write_message(message: ShownMessage, when: SafeString, look: _Look) -> SafeString:
    return format_html(
        "<li{}>{}<div><p><strong>{}</strong>{}{}</p>{}{}{}</div></li>\n",
        SafeString(' class="ours"') if message.by_staff else _NOTHING,
        when,
        message.writer.title if message.writer else message.name or look.us if message.by_staff else look.you,
        format_html(" {}", _small("span", message.role_title)) if message.role else _NOTHING,
        _write_marks(message) if message.is_marked else _NOTHING,
        _write_copies(message) if message.in_copy else _NOTHING,
        write_words(message) if message.words else _small("p", _("We no longer hold the words of this message.")),
        join_html(_write_file(file, look) for file in message.files) if message.files else _NOTHING,
    )


def _write_marks(message: ShownMessage) -> SafeString:
    origin = _small("span", _("from %(number)s") % {"number": message.first}) if message.first else _NOTHING
    doubt = _NOTHING if message.proven else _small("span", _tell_doubt(message))
    return format_html(" {} {}", origin, doubt)


def _tell_doubt(message: ShownMessage) -> str:
    """Whose an email is that isn't proven to be theirs."""
    if message.writer is None:
        return _("by email from your address, sender not verified")
    return _("by email, added by %(name)s") % {"name": message.writer.added_by}


def _write_copies(message: ShownMessage) -> SafeString:
    named = ", ".join(one.title for one in message.in_copy)
    return format_html('<p class="meta">{} {}</p>', _("Copy to:"), named)


def _write_part(part: MessagePart) -> SafeString:
    if not part.folded:
        return linebreaks_filter(part.text)
    return _fold(_("Quoted text"), format_html("<blockquote>{}</blockquote>", linebreaks_filter(part.text)))


def _write_file(file: Attached, look: _Look) -> SafeString:
    return format_html(
        '<form class="file" method="post" action="{}">{}<input type="hidden" name="file" value="{}">'
        '<button class="link" name="do" value="file">{}</button> <span class="meta">{}</span></form>',
        look.action,
        look.secret(),
        file.id,
        _("Download %(name)s") % {"name": file.name},
        filesizeformat(file.size),
    )


def _fold(title: str, inside: SafeString) -> SafeString:
    return format_html('<details class="quoted"><summary>{}</summary>{}</details>', title, inside)


def _small(element: str, words: str) -> SafeString:
    return format_html('<{0} class="meta">{1}</{0}>', element, words)
