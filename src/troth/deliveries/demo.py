"""The demonstration's outbox: a bounce, failed and held emails, one that waits for a busy server, of several days.

They are emails of the demo's own requests, posted like all others; only what mail servers said of them is made up.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from troth import due
from troth.outbox.actions import TRY
from troth.outbox.faults import NOBODY
from troth.outbox.models import QueuedEmail
from troth.outbox.replies import Whose

State = QueuedEmail.State


@dataclass(frozen=True)
class _Said:
    """What happened to an email that was queued about so many hours ago. `of`: how its template's name begins."""

    state: str
    why: str
    fault: str
    domain: str
    hours: int
    of: str


_SAID: Sequence[_Said] = (
    _Said(State.FAILED, "bounce 550 5.1.1", NOBODY, "harbor-foundry.example", 30, "quotes/receipt"),
    _Said(State.FAILED, "smtp 452 4.2.2", Whose.ADDRESS, "lakeshore-pumps.example", 52, "newsletter/confirm"),
    _Said(State.FAILED, "smtp 550 5.1.2", NOBODY, "ridgeway-castings.example", 75, "inquiries/"),
    _Said(State.FAILED, "smtp 554 5.7.1", Whose.CONTENT, "union-gasket.example", 97, "quotes/receipt"),
    _Said(State.FAILED, "smtp 451 4.7.1", Whose.SERVER, "gmx.example", 120, "newsletter/confirm"),
    _Said(State.HELD, "smtp 550 5.7.26", Whose.US, "tallgrass.example", 50, "support/"),
    _Said(State.HELD, "late", "", "", 9, "updates/"),
    _Said(State.UNKNOWN, "no answer", Whose.SERVER, "pinnacle-pump.example", 14, "updates/"),
    _Said(State.REFUSED, "suppressed", "", "", 26, "newsletter/confirm"),
)
_WAITS = _Said(State.PLANNED, "smtp 421 4.7.0", Whose.SERVER, "gmx.example", 2, "cases/")
_TRIES_AFTER = timedelta(hours=2)


def seed(now_utc: datetime) -> None:
    """Once, before emails leave: of each kind that the demo has, the one of about that time did not arrive."""
    if QueuedEmail.objects.filter(state=State.FAILED).exists():
        return
    left = list(QueuedEmail.objects.filter(state=State.PLANNED, next_try_utc=None).exclude(lane="security"))
    for said in (*_SAID, _WAITS):
        if left:
            email = min(left, key=lambda each: _rate(each, said, now_utc))
            left.remove(email)
            _tell(email, said, now_utc)


def _rate(email: QueuedEmail, said: _Said, now_utc: datetime) -> tuple[bool, timedelta]:
    """The less, the better: another kind only if there is none of this one."""
    return not email.template.startswith(said.of), abs(now_utc - timedelta(hours=said.hours) - email.queued_utc)


def _tell(email: QueuedEmail, said: _Said, now_utc: datetime) -> None:
    email.state, email.why, email.fault, email.domain = said.state, said.why, said.fault, said.domain
    email.claimed_utc, email.attempts = min(email.queued_utc + timedelta(minutes=1), now_utc), 1
    if said is _WAITS:
        email.waiting_since_utc, email.next_try_utc = email.claimed_utc, now_utc + _TRIES_AFTER
        due.plan(TRY, about=email.pk, steps={"": email.next_try_utc})
    email.save()
