"""The only way out. A letter names ids; its values are read through the gate when it is claimed for delivery."""

from troth.outbox.actions import Recipient, post, post_finished
from troth.outbox.models import Letter

__all__ = ["Letter", "Recipient", "post", "post_finished"]
