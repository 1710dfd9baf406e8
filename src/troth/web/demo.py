"""The demonstration's people, brought to the rooms that take requests."""

from datetime import UTC, datetime
from pathlib import Path

from django.db import transaction

from troth.collection import demo, forms
from troth.desk import index


def seed(folder: Path) -> int:
    """How many invented people were made for the site of this folder: 200 the first time, then 0."""
    now = datetime.now(UTC)
    with transaction.atomic():
        made = demo.seed(folder, rooms=takers(), now_utc=now)
        for room in index.rooms() if made else ():
            if room.demo:
                room.demo(now)
    return made


def takers() -> dict[str, forms.Record]:
    """Place of the policy → what its room does with what is sent there."""
    return {place: record for room in index.rooms() for place, record in room.takes.items()}
