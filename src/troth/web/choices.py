"""The rows of the page of choices, written by a function: it has two dozen of them, much alike."""

from collections.abc import Iterable, Sequence

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from troth.desk.topics import TopicNote
from troth.markup import format_html, format_html_join, join_html
from troth.web import marks
from troth.words.choices import AlwaysOn, PresentUse, ShownChoice

_NOTHING = SafeString("")


def write_choices(choices: Iterable[tuple[ShownChoice, str]]) -> SafeString:
    """Each choice that is saved with the page.   Takes  choices: each with the sentence since when it is so"""
    return join_html(_write_choice(choice, since) for choice, since in choices)


def write_topics(topics: Iterable[tuple[ShownChoice, str, TopicNote | None]]) -> SafeString:
    """The same of a purpose's topics, each with what its room says of it."""
    return join_html(_write_topic(topic, since, note) for topic, since, note in topics)


def write_exempt(always: Iterable[AlwaysOn]) -> SafeString:
    """What no opt-out covers."""
    return join_html(map(_write_always, always))


def _write_always(each: AlwaysOn) -> SafeString:
    kinds = _write_beneath(_write_kinds(each.kinds, _("Data we may use now:"))) if each.kinds else _NOTHING
    folded = join_html([_write_quotation(each.words), kinds])
    about = [
        _write_heading(each.purpose.title),
        *(_write_beneath(use.told) for use in each.uses),
        _write_folded(_("What the policy says"), folded),
    ]
    ends = format_html_join(SafeString("<br>"), '{} <a href="{}">{}</a>', map(_list_end, each.uses))
    return _write_row(join_html(about), _write_reason(each.purpose.section, ends))


def _list_end(use: PresentUse) -> tuple[str, str, str]:
    return use.ends, use.address, use.button


def _write_choice(choice: ShownChoice, since: str) -> SafeString:
    about = [
        _write_control(choice) if choice.possible else _write_heading(choice.title),
        _write_quotation(choice.quotation),
        _write_beneath(choice.hint),
        _write_used(choice) if choice.kinds else _NOTHING,
    ]
    return _write_row(join_html(about), _write_reason(choice.section, since, of=choice.question))


def _write_topic(topic: ShownChoice, since: str, note: TopicNote | None) -> SafeString:
    waiting = note is not None and note.waiting and not topic.on
    state = format_html("{} ", marks.state("warn", _("waiting for you"))) if waiting else _NOTHING
    about = [_write_control(topic), _write_beneath(format_html("{}{}", state, note.words)) if note else _NOTHING]
    told = format_html("{}<br>{}", _("Off until you confirm."), _write_again(topic)) if waiting else since
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


def _write_used(choice: ShownChoice) -> SafeString:
    return _write_folded(_("What it may use"), _write_beneath(_write_kinds(choice.kinds)))


def _write_kinds(kinds: Sequence[str], beginning: str = "") -> SafeString:
    return format_html("{} <span{}>{}</span>", beginning, marks.site_language(), ", ".join(kinds))


def _write_folded(title: str, inside: SafeString) -> SafeString:
    return format_html('<details class="why"><summary>{}</summary>{}</details>', title, inside)


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
