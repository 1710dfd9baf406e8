"""The demonstration's outbox: a bounce, failed and held emails, one that waits for a busy server, in several lanes.

They are emails of the demo's own requests, posted like all others; only what mail servers said of them is made up.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import zip_longest

from troth.outbox.faults import NOBODY
from troth.outbox.models import QueuedEmail
from troth.outbox.replies import Whose

State = QueuedEmail.State


@dataclass(frozen=True)
class _Said:
    """What happened to an email, so many hours ago."""

    state: str
    why: str
    fault: str
    domain: str
    hours: int


_SAID: Sequence[_Said] = (
    _Said(State.FAILED, "bounce 550 5.1.1", NOBODY, "harbor-foundry.example", 30),
    _Said(State.FAILED, "smtp 452 4.2.2", Whose.ADDRESS, "lakeshore-pumps.example", 52),
    _Said(State.FAILED, "smtp 550 5.1.2", NOBODY, "harbor-foundry.example", 75),
    _Said(State.FAILED, "smtp 554 5.7.1", Whose.CONTENT, "union-gasket.example", 97),
    _Said(State.FAILED, "smtp 451 4.7.1", Whose.SERVER, "gmx.example", 120),
    _Said(State.HELD, "smtp 550 5.7.26", Whose.US, "tallgrass.example", 50),
    _Said(State.HELD, "late", "", "", 9),
    _Said(State.UNKNOWN, "no answer", Whose.SERVER, "pinnacle-pump.example", 14),
    _Said(State.REFUSED, "suppressed", "", "", 26),
)
_WAITS = _Said(State.PLANNED, "smtp 421 4.7.0", Whose.SERVER, "gmx.example", 2)


def seed(now_utc: datetime) -> None:
    """One email after another of each kind that the demo has, the latest first, did not arrive."""
    found = QueuedEmail.objects.filter(state=State.PLANNED, next_try_utc=None).order_by("-queued_utc", "id")
    kinds: dict[str, list[QueuedEmail]] = {}
    for email in found.exclude(lane="security"):
        kinds.setdefault(email.template, []).append(email)
    mixed = [email for turn in zip_longest(*kinds.values()) for email in turn if email is not None]
    for said, email in zip((*_SAID, _WAITS), mixed, strict=False):
        _tell(email, said, now_utc)


def _tell(email: QueuedEmail, said: _Said, now_utc: datetime) -> None:
    at_utc = now_utc - timedelta(hours=said.hours)
    email.state, email.why, email.fault, email.domain = said.state, said.why, said.fault, said.domain
    email.queued_utc, email.claimed_utc, email.attempts = at_utc - timedelta(minutes=1), at_utc, 1
    if said is _WAITS:
        email.waiting_since_utc, email.next_try_utc = at_utc, now_utc + timedelta(hours=2)
    email.save()
