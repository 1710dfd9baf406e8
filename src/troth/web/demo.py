"""The demonstration's people, brought to the rooms that take requests."""

from datetime import UTC, datetime
from pathlib import Path

from troth.collection import demo, forms
from troth.uses.inquiries import actions as inquiries
from troth.uses.quotes import actions as quotes

ROOMS: dict[str, forms.Record] = {
    "form.quote": quotes.record,
    "form.register": inquiries.record,
    "form.contact": inquiries.record,
}


def seed(folder: Path) -> int:
    """How many invented people were made for the site of this folder: 200 the first time, then 0."""
    return demo.seed(folder, rooms=ROOMS, now_utc=datetime.now(UTC))
