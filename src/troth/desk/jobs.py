"""Periodic work of all rooms."""

from collections.abc import Callable

from django.utils.translation import gettext_lazy as _

from troth import queue
from troth.desk import index
from troth.desk.lists import runs


@queue.task("rooms.expire", _("Delete expired data"), every="40 3 * * *", ends=True)
def expire(timestamp: int) -> None:
    """Let each room delete what has expired; one that fails delays no other."""
    queue.each([runs.expire, *(act for room in index.rooms() for act in room.retention)], _exhaust)


def _exhaust(act: Callable[[], int]) -> None:
    while act():
        continue
