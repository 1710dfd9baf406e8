"""Lanes, states, faults and reasons of emails in words for staff."""

from collections.abc import Mapping
from datetime import timedelta

from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from troth import outbox
from troth.desk.acts import Words
from troth.outbox import batches
from troth.outbox.emails import MailLane
from troth.outbox.faults import NOBODY
from troth.outbox.models import PATIENCE, QueuedEmail
from troth.outbox.replies import Whose
from troth.policy.phrases import REASONS
from troth.text.times import lasting

State = QueuedEmail.State
LANES: Mapping[str, tuple[Words, Words]] = {
    MailLane.SECURITY: (gettext_lazy("Security"), gettext_lazy("Confirmations, new passwords, sign-in")),
    MailLane.CASE: (gettext_lazy("Requests"), gettext_lazy("Replies and notices about requests")),
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
FAULTS: Mapping[str, Words] = {
    NOBODY: gettext_lazy("Their address: nobody is there"),
    Whose.ADDRESS: gettext_lazy("Their address: full, closed or restricted"),
    Whose.SERVER: gettext_lazy("Their mail server"),
    Whose.CONTENT: gettext_lazy("The email’s content"),
    Whose.US: gettext_lazy("Our mail server or domain"),
}
SHORT: Mapping[str, Words] = {
    NOBODY: gettext_lazy("Nobody there"),
    Whose.ADDRESS: gettext_lazy("Address"),
    Whose.SERVER: gettext_lazy("Their server"),
    Whose.CONTENT: gettext_lazy("Content"),
    Whose.US: gettext_lazy("Ours"),
}
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
    return _("the policy doesn’t allow it") if why in REASONS else outbox.why_in_words(why)


def tell_next(email: QueuedEmail) -> str:
    """What follows for this email: what staff do, or what we do by ourselves."""
    if email.state == State.HELD and email.why in batches.STOPS:
        return _("Leaves when the whole sending is resumed, if the person’s choices still allow it")
    if email.state == State.HELD and email.why.startswith("template "):
        return _("Nobody got any of it: correct the template, then release the email")
    return tell_follows(email.fault) if email.state != State.SENT else ""


def tell_follows(fault: str) -> str:
    """What we do about a fault by ourselves."""
    match fault:
        case "nobody there":
            return _("We don’t write to the address until it’s confirmed again or unblocked")
        case Whose.ADDRESS:
            return _("Not blocked: the next email tries again")
        case Whose.SERVER:
            return _("Tried again for %(time)s with growing pauses") % {"time": _in_words(PATIENCE)}
        case Whose.CONTENT:
            return _("Not blocked: look at the text before you send it again")
        case Whose.US:
            return _("Emails wait; nobody is blocked")
    return ""


def title_state(email: QueuedEmail) -> str:
    """The reason where there is one, else the state."""
    return capfirst(explain(email.why)) or capfirst(str(STATES[email.state][0]))


def _in_words(time: timedelta) -> str:
    return lasting(time)
