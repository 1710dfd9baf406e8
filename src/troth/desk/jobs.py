"""What happens in every room by the clock."""

from collections.abc import Callable

from django.utils.translation import gettext_lazy as _

from troth import queue
from troth.desk import index, runs


@queue.task("rooms.expire", _("Delete what is past its retention period"), every="40 3 * * *")
def expire(timestamp: int) -> None:
    """Rooms delete what is past its time; one that fails delays no other."""
    queue.each([runs.expire, *(act for room in index.rooms() for act in room.retention)], _exhaust)


def _exhaust(act: Callable[[], int]) -> None:
    while act():
        continue
