"""Lanes, states and reasons of emails in words for staff, in the console and at the terminal."""

from collections.abc import Mapping

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from troth.outbox.emails import MailLane
from troth.outbox.models import QueuedEmail
from troth.outbox.telling import why_in_words
from troth.policy.phrases import REASONS
from troth.wording import Words

State = QueuedEmail.State
LANES: Mapping[str, tuple[Words, Words]] = {
    MailLane.SECURITY: (gettext_lazy("Security"), gettext_lazy("Accounts, new passwords, sign-in")),
    MailLane.CASE: (
        gettext_lazy("Requests"),
        gettext_lazy("Replies, notices about requests, confirmations of sign-ups"),
    ),
    MailLane.SERVICE: (gettext_lazy("Service"), gettext_lazy("Receipts, notices, policy updates")),
    MailLane.MARKETING: (gettext_lazy("Marketing"), gettext_lazy("Newsletters and offers")),
}
"""Title, and what is sent in it."""
STATES: Mapping[str, tuple[Words, str]] = {
    State.PLANNED: (gettext_lazy("waiting"), "warn"),
    State.CLAIMED: (gettext_lazy("being sent"), "in"),
    State.SENT: (gettext_lazy("sent"), "in"),
    State.FAILED: (gettext_lazy("failed"), "stop"),
    State.HELD: (gettext_lazy("held"), "warn"),
    State.REFUSED: (gettext_lazy("not allowed"), "kept"),
    State.UNKNOWN: (gettext_lazy("perhaps sent"), "stop"),
}
"""Each with the mark that the page shows."""
_STAFF: Mapping[str, Words] = {
    "opted out": gettext_lazy("opted out of all marketing"),
    "said no": gettext_lazy("said no to this use"),
    "topic refused": gettext_lazy("turned off this topic"),
    "topic not signed up": gettext_lazy("hasn’t confirmed this topic"),
    "not signed up": gettext_lazy("hasn’t signed up"),
    "declined": gettext_lazy("declined this new use"),
    "unanswered": gettext_lazy("hasn’t answered our question about this new use"),
    "not held": gettext_lazy("we hold no email address for this"),
    "expired": gettext_lazy("the retention period of the data is over"),
}
"""Codes of the law; its own sentences speak to the person."""


def explain(why: str) -> str:
    """Why an email is in its state; empty where it just waits for its turn."""
    if not why:
        return ""
    if why in _STAFF:
        return str(_STAFF[why])
    return _("the policy doesn’t allow it") if why in REASONS else why_in_words(why)
