"""Who gets an issue, who doesn't and why; and afterwards what happened to each email. Nobody's reading is measured."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from math import ceil
from typing import Any
from uuid import UUID

from django.db.models import Count, Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from troth import gate, in_force, outbox
from troth.outbox import QueuedEmail
from troth.outbox.batches import MOST_COMPLAINTS, STOPS
from troth.outbox.faults import NOBODY
from troth.outbox.suppression import SUPPRESSED
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
    "unanswered": gettext_lazy("Haven’t answered the question of a newer policy"),
    SUPPRESSED: gettext_lazy("Address blocked: it bounced, or its reader complained"),
}
"""Codes of the law as staff read them; its own sentences speak to the person."""
_GONE = ("said no", "topic refused", "opted out")
_WITHHELD = ("held", "refused")
_MOST_EXPLAINED = 20_000
_BOUNCED = "bounce "


@dataclass(frozen=True)
class MissingReaders:
    """Why so many people don't get it, and the section of the policy that decides; none where mail can't arrive.

    `follows`: what happens with them, once it is sent."""

    words: str
    people: int
    section: str = ""
    follows: str = ""


@dataclass(frozen=True)
class ReturnedMail:
    """How many emails bounced, how many of these for good, and how many readers complained."""

    bounced: int
    for_good: int
    complaints: int


@dataclass(frozen=True)
class Audience:
    """Of all who confirmed the topic, whom an issue reaches now.   `reasons`: of all others."""

    readers: int
    reached: int
    reasons: tuple[MissingReaders, ...]


def find_audience(mailing: Mailing, topic: str, parts: Sequence[Part], *, covered: bool, at_utc: datetime) -> Audience:
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
    states, back = count_states(issue), count_returned(issue)
    others = _emails_of(issue).exclude(state__in=("sent", *QueuedEmail.ON_ITS_WAY)).exclude(why__startswith=_BOUNCED)
    whys = others.values_list("state", "why").annotate(number=Count("pk"), gone=Count("pk", filter=Q(fault=NOBODY)))
    return {
        "audience": issue.audience,
        "planned": sum(states.values()),
        "waiting": sum(states.get(state, 0) for state in QueuedEmail.ON_ITS_WAY),
        "sent": states.get("sent", 0) + back.bounced,
        "held": sum(states.get(state, 0) for state in _WITHHELD),
        "failed": states.get("failed", 0) - back.bounced,
        "left": _count_left(issue),
        "bounced": back.bounced,
        "for_good": back.for_good,
        "complaints": back.complaints,
        "whys": [[state, why, number, gone > 0] for state, why, number, gone in whys if why],
    }


def count_returned(issue: Issue) -> ReturnedMail:
    """What came back about the issue's emails so far.   Cost  3 queries."""
    emails = _emails_of(issue)
    bounced = emails.filter(why__startswith=_BOUNCED)
    return ReturnedMail(
        bounced.count(),
        bounced.filter(fault=NOBODY).count(),
        emails.filter(complained=True).count(),
    )


def limit_complaints(audience: int) -> int:
    """As many complaints stop an issue: 0.3 % of its audience, and one at least. Source: Gmail, Yahoo sender rules."""
    return max(1, ceil(MOST_COMPLAINTS * audience))


def list_reasons(figures: Mapping[str, Any], mailing: Mailing) -> list[MissingReaders]:
    """Why the rest did not get it, and what follows from that, the most frequent first."""
    section, applies = _section(mailing), _("Nothing: their choice applies")
    found = []
    missed = figures["audience"] - figures["planned"]
    if missed > 0:
        found.append(MissingReaders(_("Unsubscribed, paused or not selected before sending"), missed, section, applies))
    for state, why, number, *gone in sorted(figures["whys"], key=lambda each: -each[2]):
        if why in STOPS:
            found.append(
                MissingReaders(_("Held: %(why)s") % {"why": outbox.why_in_words(why)}, number, "", _say_resumed())
            )
        elif state in _WITHHELD:
            follows = _say_blocked() if why == SUPPRESSED else applies
            found.append(MissingReaders(_word(why), number, section, follows))
        else:
            words = _("Not delivered: %(why)s") % {"why": outbox.why_in_words(why)}
            found.append(MissingReaders(words, number, "", _say_blocked() if any(gone) else _say_next()))
    return [*found, *_list_returned(figures)]


def list_rows(issue: Issue, mailing: Mailing) -> list[tuple[str, int]]:
    """The report as lines of a file: the figures, then why the rest did not get it."""
    figures = issue.figures or count(issue)
    titles = {
        "audience": _("Audience"),
        "sent": _("Sent"),
        "waiting": _("Waiting"),
        "held": _("Held"),
        "bounced": _("Bounced"),
        "left": _("Unsubscribed"),
        "complaints": _("Complaints"),
    }
    reasons = [(each.words, each.people) for each in list_reasons(figures, mailing)]
    return [*((title, figures.get(name, 0)) for name, title in titles.items()), *reasons]


def _list_returned(figures: Mapping[str, Any]) -> list[MissingReaders]:
    """What a server took and sent back later."""
    for_good, bounced = figures.get("for_good", 0), figures.get("bounced", 0)
    passing = _("Bounced: mailbox full, or another passing reason")
    found = (
        MissingReaders(_("Bounced: nobody is there"), for_good, "", _say_blocked()),
        MissingReaders(passing, bounced - for_good, "", _say_next()),
    )
    return [each for each in found if each.people > 0]


def _say_blocked() -> str:
    return _("Address blocked until it’s confirmed again or unblocked")


def _say_resumed() -> str:
    return _("Sent once it’s resumed, if their choices still allow it")


def _say_next() -> str:
    return _("Included in the next issue")


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
