"""Our own addresses that mail comes back to: bounces of one email, and answers in one thread.

    portal+bmfrgg…@acme.example      bounces of an email: nobody but its mail server knows the address
    portal+rmfrgg…@acme.example      answers in a thread: it does not name who writes

The part after + holds an id and a keyed hash, in small letters and digits, so that a server that folds A to Z loses
nothing. It names no person. Which mailbox takes them is the setting TROTH_MAILBOX; the sign between its name and what
follows is the usual one of RFC 5233.
"""

import base64
import binascii
import hmac
from uuid import UUID

from django.conf import settings

from troth import in_force
from troth.addresses import fold
from troth.seal import vault

_BOUNCE, _REPLY = "b", "r"
_ID_BYTES, _PROOF_BYTES = 16, 9


def envelope_sender(email_id: UUID) -> str:
    """The envelope sender of one email. Bounces that come there are of this email, and nobody can make up another."""
    return _make(_BOUNCE, email_id)


def read_envelope(address: str) -> UUID | None:
    """The email whose bounce comes to this address; None if we never gave it out."""
    return _read(_BOUNCE, address)


def reply_address(thread: UUID) -> str:
    """The address of a thread: it names the thread, and not who writes there."""
    return _make(_REPLY, thread)


def read_reply(address: str) -> UUID | None:
    """The thread that this address names; None if we never gave it out."""
    return _read(_REPLY, address)


def has_mailbox() -> bool:
    """Whether mail to such addresses comes in: the operator named the mailbox that takes it."""
    return bool(settings.TROTH_MAILBOX)


def _make(use: str, id: UUID) -> str:
    local, _at, domain = (settings.TROTH_MAILBOX or in_force.policy().privacy_email).rpartition("@")
    return f"{local}+{use}{_encode(id.bytes + _prove(use, id))}@{domain}"


def _read(use: str, address: str) -> UUID | None:
    detail = fold(address.strip().strip("<>")).rpartition("@")[0].rpartition("+")[2]
    found = _decode(detail[1:]) if detail.startswith(use) else b""
    if len(found) != _ID_BYTES + _PROOF_BYTES:
        return None
    id = UUID(bytes=found[:_ID_BYTES])
    return id if hmac.compare_digest(found[_ID_BYTES:], _prove(use, id)) else None


def _prove(use: str, id: UUID) -> bytes:
    return base64.urlsafe_b64decode(vault().token(f"return {use}", id))[:_PROOF_BYTES]


def _encode(data: bytes) -> str:
    return base64.b32encode(data).decode().rstrip("=").lower()


def _decode(text: str) -> bytes:
    try:
        return base64.b32decode(text.upper() + "=" * (-len(text) % 8))
    except (binascii.Error, ValueError):
        return b""
