"""Whether a mail is signed by whom it says it is from. The keys are looked up outside, for nothing here can ask."""

from typing import Any

import dkim

from troth.collection.mailbox.parser.asked import unpack
from troth.collection.mailbox.parser.decoding import unfold

MOST_SIGNATURES = 5


def verify(packed: bytes) -> list[str]:
    """The domains that signed this mail, as far as the keys say so.   Takes  what `asked.pack` gives."""
    raw, keys = unpack(packed)
    signed = dkim.DKIM(raw, minkey=1024)
    count = sum(1 for name, _value in signed.headers if name.lower() == b"dkim-signature")
    return [domain for at in range(min(count, MOST_SIGNATURES)) if (domain := _verify_one(signed, at, keys))]


def _verify_one(signed: Any, at: int, keys: dict[str, str]) -> str:
    def look_up(name: bytes, timeout: int = 5) -> bytes | None:
        found = keys.get(name.decode("ascii", "replace").rstrip(".").lower())
        return found.encode() if found else None

    try:
        fine = signed.verify(idx=at, dnsfunc=look_up)
    except Exception:  # the library raises its own errors and others on what is broken: then it is not signed
        return ""
    # One of the first so many bytes (l=) says nothing of what anyone wrote below them.
    whole = b"l" not in signed.signature_fields
    domain = unfold(signed.domain.decode("ascii", "replace")) if fine and whole and signed.domain else ""
    return domain.lower()
