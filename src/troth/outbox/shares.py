"""What one thread sends of a batch: it is read at once, and each handing over is noted with the next email's beginning.

share = MailShare(emails)
share.begin(email, at_utc)     notes what was handed over before, too
share.note_sent(email)
share.settle()                 once no email follows
"""

from collections.abc import Sequence
from datetime import UTC, datetime

from troth import gate, queue
from troth.outbox import pauses, writing
from troth.outbox.models import QueuedEmail

State = QueuedEmail.State


class MailShare:
    """Emails of one lane in the order in which they leave."""

    def __init__(self, emails: Sequence[QueuedEmail]) -> None:
        self.prepared = writing.prepare(emails)
        self._lanes = {email.lane for email in emails}
        self._sent: list[QueuedEmail] = []
        self.look_for_pauses()

    def look_for_pauses(self) -> None:
        """Which domains are left alone by now."""
        now = datetime.now(UTC)
        self._paused = {lane: pauses.list_domains(lane, at_utc=now) for lane in self._lanes}

    def find_pause(self, email: QueuedEmail) -> datetime | None:
        """Until when nothing is sent to the email's domain."""
        return self._paused[email.lane].get(email.domain)

    def begin(self, email: QueuedEmail, *, at_utc: datetime) -> bool:
        """Whether the email is still ours, now that it is about to leave. From here on a death makes it unknown."""
        return self._write(email, at_utc)

    def note_sent(self, email: QueuedEmail) -> None:
        """The mail server has it: written down with the next statement."""
        email.state, email.why, email.fault, email.domain = State.SENT, "", "", ""
        email.sent_utc = queue.now()
        self._sent.append(email)

    def settle(self) -> None:
        """Writes down what is left to note."""
        if self._sent:
            self._write(None, queue.now())

    def _write(self, following: QueuedEmail | None, at_utc: datetime) -> bool:
        sent, self._sent = self._sent, []
        times = [email.sent_utc or at_utc for email in sent]
        claimed = following.claimed_utc if following else None
        return gate.settle_emails(
            [email.pk for email in sent],
            times,
            following=following.pk if following else None,
            claimed_utc=claimed,
            at_utc=at_utc,
        )
