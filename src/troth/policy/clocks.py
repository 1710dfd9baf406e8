"""The clocks of promises: what they run from, and the one that runs before a new version takes effect."""

from datetime import date, datetime, time, timedelta

from .fields import Fields, did_you_mean
from .findings import Report, SourcePlace
from .lengths import Duration
from .terms import Policy, Promise

EVENTS = (
    "received",
    "request received",
    "request closed",
    "a sign-up",
    "an opt-out",
    "an email",
    "contract end",
    "account closed",
    "a data breach",
    "arrival",
    "the invitation",
    "leaving the program",
)
"""What a clock may run from, beside the promises of the same policy."""
AHEAD_OF = ("a new version",)


def read_ahead(clock: Fields) -> Duration | None:
    """The time of a clock that runs before an event."""
    if not (clock.has("at least") or clock.has("before")):
        return None
    clock.one_of("before", AHEAD_OF)
    clock.text("at least")
    if clock.has("within"):
        clock.report.add("clock-both-ways", clock.node, owner=clock.name)
    return clock.duration("at least")


def check_start(promise: Promise, promises: tuple[str, ...], place: SourcePlace, report: Report) -> None:
    """Reports a clock that runs from something that this program doesn't know."""
    known = (*EVENTS, *promises)
    if promise.within and promise.start and promise.start not in known:
        hint, allowed = did_you_mean(promise.start, known), ", ".join((*EVENTS, "the id of a promise"))
        report.add("unknown-value", place, hint, key="from", value=promise.start, allowed=allowed)


def find_notice(policy: Policy) -> Duration | None:
    """How long before a new version takes effect its policy promises to announce it; the longest of several."""
    stated = [promise.ahead for promise in policy.promises.values() if promise.ahead]
    return max(stated, key=lambda each: each.days, default=None)


def find_earliest(policy: Policy, *, today: date) -> date:
    """The first day on which a version that is announced today may follow this one.

    It begins at midnight, so that a day more leaves the whole time, at whatever hour of today it is announced."""
    notice = find_notice(policy)
    return notice.after(datetime.combine(today + timedelta(days=1), time())).date() if notice else today
