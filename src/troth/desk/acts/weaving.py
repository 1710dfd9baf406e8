"""A conversation in the console: messages, internal notes and what happened between them, in one order."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from django.utils.translation import gettext as _

from troth.cases.thread.reading import ShownMessage
from troth.desk.steps import Step

_MOST_NAMED = 3


@dataclass(frozen=True)
class EventGroup:
    """What happened between two messages: one line, which opens where it is more than one event."""

    steps: Sequence[Step]

    @property
    def one(self) -> Step | None:
        return self.steps[0] if len(self.steps) == 1 else None

    @property
    def text(self) -> str:
        """Of its one event; the line goes on with its date."""
        return self.steps[0].text.rstrip(".")

    @property
    def title(self) -> str:
        """Such as 3 events: Assigned to: Hana Sato; Changed: priority high; Put off until: Fri, Dec 4, 2026."""
        named = "; ".join(step.text.rstrip(".") for step in self.steps[:_MOST_NAMED])
        said = {"number": len(self.steps), "named": named if len(self.steps) <= _MOST_NAMED else f"{named} …"}
        return _("%(number)d events: %(named)s") % said


def weave(messages: Iterable[ShownMessage], steps: Iterable[Step]) -> list[ShownMessage | Step | EventGroup]:
    """All of it, oldest first. An event that only says that a message came is left out: the message says it."""
    lines: list[Any] = [*messages, *(step for step in steps if not step.said)]
    # At one moment: that a request was received, what it says, and what else was done with it.
    lines.sort(key=lambda line: (line.at_utc, str(line.id or "") and str(int(_is_event(line))) + str(line.id)))
    woven: list[ShownMessage | Step | EventGroup] = []
    for events, group in groupby(lines, key=_is_event):
        found = [*group]
        woven += [EventGroup(found)] if events else found
    return woven


def _is_event(line: ShownMessage | Step) -> bool:
    return isinstance(line, Step) and not line.note
