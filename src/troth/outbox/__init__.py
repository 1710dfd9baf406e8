"""The only way out. A letter names ids; its values are read through the gate when it is claimed for delivery."""

from troth.outbox.actions import EmailRecipient, post, post_finished
from troth.outbox.models import Letter
from troth.outbox.telling import Mailed, of_permits, of_request, why_in_words

__all__ = [
    "EmailRecipient",
    "Letter",
    "Mailed",
    "of_permits",
    "of_request",
    "post",
    "post_finished",
    "why_in_words",
]
