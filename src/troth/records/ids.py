"""Keys that sort by time."""

import secrets
import time
from datetime import datetime
from uuid import UUID

NOBODY = UUID(int=0)
"""The person of entries that concern no person, such as an adopted version."""


def first_id_of(at_utc: datetime) -> UUID:
    """Before every id that was made from that moment on."""
    return UUID(int=int(at_utc.timestamp() * 1_000) << 80)


def new_id() -> UUID:
    """A UUIDv7: 48 bits of Unix milliseconds, 12 of their fraction, then 62 random bits.

    Two that one process makes after each other sort so.   Source: RFC 9562, 5.7 and 6.2, method 3."""
    milliseconds, nanoseconds = divmod(time.time_ns(), 1_000_000)
    fraction = nanoseconds * 4_096 // 1_000_000
    return UUID(int=milliseconds << 80 | 0x7 << 76 | fraction << 64 | 0x2 << 62 | secrets.randbits(62))
