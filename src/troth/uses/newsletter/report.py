"""Who gets an issue, who doesn't and why; and afterwards what happened to each email. Nobody's reading is measured."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Count
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from troth import gate, in_force, outbox
from troth.outbox import QueuedEmail
from troth.uses.newsletter import segments
from troth.uses.newsletter.mailings import Mailing
from troth.uses.newsletter.models import Issue
from troth.uses.newsletter.segments import Part
from troth.words.values import refusal_in_words

_IN_WORDS = {
    "opted out": gettext_lazy("Opted out of all marketing"),
    "said no": gettext_lazy("Turned this kind of email off"),
    "topic refused": gettext_lazy("Turned off this topic"),
    "topic not signed up": gettext_lazy("Haven’t confirmed this topic"),
    "expired": gettext_lazy("The retention period of their data is over"),
    "not held": gettext_lazy("We hold no address anymore"),
}
"""Codes of the law as staff read them; its own sentences speak to the person."""
_GONE = ("said no", "topic refused", "opted out")
_WITHHELD = ("held", "refused")
_MOST_EXPLAINED = 20_000


@dataclass(frozen=True)
class MissingReaders:
    """Why so many people don't get it, and the section of the policy that decides; none where mail can't arrive."""

    words: str
    people: int
    section: str = ""


@dataclass(frozen=True)
class Audience:
    """Of all who confirmed the topic, whom an issue reaches now.   `reasons`: of all others."""

    readers: int
    reached: int
    reasons: tuple[MissingReaders, ...]


def find_audience(
    mailing: Mailing, topic: str, parts: Sequence[Part], *, covered: bool = False, at_utc: datetime
) -> Audience:
    """Counted now, with no entry in anyone's history.   Raises  SegmentRefused."""
    readers = mailing.readers(topic)
    latest = [people[0] for people in readers.values()]
    decided = gate.decide_many(latest[:_MOST_EXPLAINED], mailing.purpose, "email", topic=topic)
    codes = Counter(each.code for each in decided.values() if not each.allowed)
    reached = len(readers) - sum(codes.values())
    refused = [MissingReaders(_word(code), number, _section(mailing)) for code, number in codes.most_common()]
    left_out = []
    for words, segment in segments.list_steps(mailing, topic, parts, covered=covered, at_utc=at_utc):
        fit = min(reached, gate.count(mailing.purpose, "email", segment, topic=topic))
        if fit < reached:
            left_out.append(MissingReaders(words, reached - fit, _section(mailing)))
        reached = fit
    return Audience(len(readers), reached, (*left_out, *refused))


def count_states(issue: Issue) -> Mapping[str, int]:
    """State of the emails → how many."""
    found = _emails_of(issue).values_list("state").annotate(number=Count("pk"))
    return dict(found)


def count(issue: Issue) -> dict[str, Any]:
    """The report as it is stored: figures and, by code, what kept the rest."""
    states = count_states(issue)
    whys = _emails_of(issue).exclude(state="sent").values_list("state", "why").annotate(number=Count("pk"))
    return {
        "audience": issue.audience,
        "planned": sum(states.values()),
        "complaints": _emails_of(issue).filter(complained=True).count(),
        "sent": states.get("sent", 0),
        "held": sum(states.get(state, 0) for state in _WITHHELD),
        "failed": states.get("failed", 0),
        "left": _count_left(issue),
        "whys": [[state, why, number] for state, why, number in whys if why],
    }


def list_reasons(figures: Mapping[str, Any], mailing: Mailing) -> list[MissingReaders]:
    """Why the rest did not get it, the most frequent first."""
    missed = figures["audience"] - figures["planned"]
    found = (
        [MissingReaders(_("Unsubscribed, paused or not selected before sending"), missed, _section(mailing))]
        if missed > 0
        else []
    )
    for state, why, number in sorted(figures["whys"], key=lambda each: -each[2]):
        if state in _WITHHELD:
            found.append(MissingReaders(_word(why), number, _section(mailing)))
        else:
            found.append(MissingReaders(_("Not delivered: %(why)s") % {"why": outbox.why_in_words(why)}, number))
    return found


def _emails_of(issue: Issue) -> Any:
    return QueuedEmail.objects.filter(batch=issue.pk)


def _count_left(issue: Issue) -> int:
    """How many of those who were sent it want no more of the topic."""
    people: Iterable[UUID] = _emails_of(issue).filter(state="sent").values_list("person", flat=True)
    decided = gate.decide_many(list(people), issue.purpose, "email", topic=issue.topic)
    return sum(each.code in _GONE for each in decided.values())


def _word(code: str) -> str:
    return str(_IN_WORDS[code]) if code in _IN_WORDS else refusal_in_words(code)


def _section(mailing: Mailing) -> str:
    return in_force.policy().purposes[mailing.purpose].section
