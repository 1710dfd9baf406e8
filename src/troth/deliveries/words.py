"""Faults of emails, and what follows, in words for staff."""

from collections.abc import Mapping
from datetime import timedelta

from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from troth.outbox import batches, naming
from troth.outbox.faults import NOBODY
from troth.outbox.models import PATIENCE, QueuedEmail
from troth.outbox.replies import Whose
from troth.text.times import lasting
from troth.wording import Words

State = QueuedEmail.State
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
    return capfirst(naming.explain(email.why)) or capfirst(str(naming.STATES[email.state][0]))


def _in_words(time: timedelta) -> str:
    return lasting(time)
