"""Periodic work of forms."""

from django.utils.translation import gettext_lazy as _

from troth import queue
from troth.collection.forms import nonce


@queue.task("forms.forget", _("Delete records of old form submissions"), every="17 3 * * *", ends=True)
def forget(timestamp: int) -> None:
    """Forgets spent nonces that cannot return."""
    nonce.forget_spent()
