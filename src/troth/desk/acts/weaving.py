"""A conversation in the console: messages, internal notes and what happened between them, in one order."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby

from django.utils.translation import gettext as _

from troth.cases.thread.reading import LeftOut, ShownMessage
from troth.desk.steps import Step

_MOST_NAMED = 3


@dataclass(frozen=True)
class ConversationLine:
    """A message, a note, or one of these.

    events    what happened between two messages: one line, which opens where it is more than one event
    left_out  what isn't shown until it is asked for, in words"""

    message: ShownMessage | None = None
    note: Step | None = None
    events: Sequence[Step] = ()
    left_out: str = ""

    @property
    def event(self) -> Step | None:
        """The only one."""
        return self.events[0] if len(self.events) == 1 else None

    @property
    def text(self) -> str:
        """Of its one event; the line goes on with its date."""
        return self.events[0].text.rstrip(".")

    @property
    def title(self) -> str:
        """Such as 3 events: Assigned to: Hana Sato; Changed: priority high; Put off until: Fri, Dec 4, 2026."""
        named = "; ".join(step.text.rstrip(".") for step in self.events[:_MOST_NAMED])
        said = {"number": len(self.events), "named": named if len(self.events) <= _MOST_NAMED else f"{named} …"}
        return _("%(number)d events: %(named)s") % said


def weave(
    messages: Iterable[ShownMessage], steps: Iterable[Step], left_out: LeftOut | None = None
) -> list[ConversationLine]:
    """All of it, oldest first. An event that only says that a message came is left out: the message says it.

    Takes   left_out: the messages that aren't among these, with which go the notes and events of their time"""
    steps = [step for step in steps if not step.said]
    if left_out is None:
        return _join([*messages, *steps])
    first, *last = messages
    notes = sum(bool(step.note) for step in steps if left_out.covers(step.at_utc))
    before = [step for step in steps if step.at_utc <= left_out.after_utc]
    after = [step for step in steps if step.at_utc >= left_out.before_utc]
    return [*_join([first, *before]), ConversationLine(left_out=left_out.tell(notes)), *_join([*last, *after])]


def _join(lines: Sequence[ShownMessage | Step]) -> list[ConversationLine]:
    # At one moment: that a request was received, what it says, and what else was done with it.
    ordered = sorted(lines, key=lambda line: (line.at_utc, str(line.id or "") and f"{_is_event(line):d}{line.id}"))
    return [line for events, group in groupby(ordered, key=_is_event) for line in _make_lines([*group], events=events)]


def _make_lines(group: Sequence[ShownMessage | Step], *, events: bool) -> list[ConversationLine]:
    if events:
        return [ConversationLine(events=[step for step in group if isinstance(step, Step)])]
    return [ConversationLine(note=it) if isinstance(it, Step) else ConversationLine(message=it) for it in group]


def _is_event(line: ShownMessage | Step) -> bool:
    return isinstance(line, Step) and not line.note
