"""The only way out for email. An email names ids; its values are read through the gate at delivery."""

from troth.outbox.actions import EmailRecipient, can_email, note_held, post, post_disclosed, post_finished
from troth.outbox.facts import EmailFacts
from troth.outbox.models import QueuedEmail
from troth.outbox.telling import Mailed, find_batches, of_permits, of_request, of_requests, one_reading, why_in_words

__all__ = [
    "EmailFacts",
    "EmailRecipient",
    "Mailed",
    "QueuedEmail",
    "can_email",
    "find_batches",
    "note_held",
    "of_permits",
    "of_request",
    "of_requests",
    "one_reading",
    "post",
    "post_disclosed",
    "post_finished",
    "why_in_words",
]
