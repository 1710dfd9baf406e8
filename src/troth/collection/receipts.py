"""What a receipt page says of a request, whichever room took it."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True)
class Receipt:
    """The room's part of a receipt; who got what is read from the ledger. `due_utc` None: nobody has a clock."""

    request: UUID
    number: str
    received_utc: datetime
    heading: str
    lead: str
    purpose: str
    due_utc: datetime | None = None
    why_title: str = ""
    why: str = ""
    waiting: bool = False
