"""The rows of the page of choices, written by a function: it has two dozen of them, much alike."""

from collections.abc import Iterable

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from troth.access.preferences.sheet import ShownChoice
from troth.desk.topics import TopicNote
from troth.markup import format_html, join_html
from troth.policy.terms import Purpose
from troth.web import marks

_NOTHING = SafeString("")


def write_choices(choices: Iterable[tuple[ShownChoice, str]]) -> SafeString:
    """Each choice that is saved with the page.   Takes  choices: each with the sentence since when it is so"""
    return join_html(_write_choice(choice, since) for choice, since in choices)


def write_topics(topics: Iterable[tuple[ShownChoice, str, TopicNote | None]]) -> SafeString:
    """The same of a purpose's topics, each with what its room says of it."""
    return join_html(_write_topic(topic, since, note) for topic, since, note in topics)


def write_exempt(purposes: Iterable[tuple[Purpose, str]]) -> SafeString:
    """What no opt-out covers.   Takes  purposes: each with the policy's words"""
    return join_html(
        _write_row(join_html([_write_heading(purpose.title), _write_quotation(words)]), _write_reason(purpose.section))
        for purpose, words in purposes
    )


def _write_choice(choice: ShownChoice, since: str) -> SafeString:
    about = [
        _write_control(choice) if choice.possible else _write_heading(choice.title),
        _write_quotation(choice.quotation),
        _write_beneath(choice.hint),
        _write_kinds(choice) if choice.kinds else _NOTHING,
    ]
    return _write_row(join_html(about), _write_reason(choice.section, since, of=choice.question))


def _write_topic(topic: ShownChoice, since: str, note: TopicNote | None) -> SafeString:
    waiting = note is not None and note.waiting and not topic.on
    state = format_html("{} ", marks.state("warn", _("waiting for you"))) if waiting else _NOTHING
    about = [_write_control(topic), _write_beneath(format_html("{}{}", state, note.words)) if note else _NOTHING]
    told = format_html("{}<br>{}", since, _write_again(topic)) if waiting else since
    return _write_row(join_html(about), _write_reason(topic.section, told, of=topic.question))


def _write_row(about: SafeString, reason: SafeString) -> SafeString:
    return format_html('<div class="choice"><div>{}</div>{}</div>\n', about, reason)


def _write_control(choice: ShownChoice) -> SafeString:
    """A box to tick, and what it was when the page was made."""
    return format_html(
        '<label for="on-{name}"><input type="checkbox" name="on" value="{name}" id="on-{name}"'
        ' aria-describedby="why-{name}"{checked}> <span{language}>{title}</span></label>{was}',
        name=choice.question,
        checked=SafeString(" checked") if choice.on else _NOTHING,
        language=marks.site_language(),
        title=choice.title,
        was=format_html('<input type="hidden" name="was" value="{}">', choice.question) if choice.on else _NOTHING,
    )


def _write_heading(title: str) -> SafeString:
    return format_html("<h3{}>{}</h3>", marks.site_language(), title)


def _write_quotation(words: str) -> SafeString:
    return format_html('<p class="voice"{}>{}</p>', marks.site_language(), words)


def _write_beneath(words: str) -> SafeString:
    return format_html('<p class="meta">{}</p>', words) if words else _NOTHING


def _write_kinds(choice: ShownChoice) -> SafeString:
    kinds = format_html("<span{}>{}</span>", marks.site_language(), ", ".join(choice.kinds))
    return _write_beneath(format_html("{} {}", _("May use:"), kinds))


def _write_reason(section: str, words: str = "", *, of: str = "") -> SafeString:
    """The section, and since when: what describes the control of the question that it is of."""
    id = format_html(' id="why-{}"', of) if of else _NOTHING
    return format_html('<p class="reason"{}>{} {}</p>', id, marks.section(section), words)


def _write_again(topic: ShownChoice) -> SafeString:
    return format_html(
        '<button class="link" name="do" value="again:{}" aria-label="{}">{}</button>',
        topic.question,
        _("Send the confirmation of %(title)s again") % {"title": topic.title},
        _("Send the email again"),
    )
