"""Signed bodies: base64 of the Ed25519 signature (64 bytes) followed by JSON, as PyNaCl's combined form."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import MAXYEAR, UTC, datetime, timedelta
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from troth.agents import Agent
from troth.notes import canonical
from troth.text import NoJson, read_json

SIGNATURE_BYTES = 64
MOST_BYTES = 65_536
LEEWAY = timedelta(seconds=30)
"""Clocks of two machines differ: so much may "issued-at" be ahead of our clock."""


class NotSigned(Exception):
    """The body is not what this agent signed for us now. `why` is for our log; the agent gets no explanation."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


@dataclass(frozen=True)
class SignedRequest:
    """What was signed, the hash of its bytes, and until when a second copy of it must be refused.

    The hash is of the signed content, however its base64 and signature are spelled: each message is accepted once."""

    claims: Mapping[str, Any]
    digest: bytes
    expires_utc: datetime


def verify_request(body: bytes, *, agent: Agent, business: str, at_utc: datetime) -> SignedRequest:
    """Checked in the order of the protocol: base64, signature, agent, business, issued, expires.

    Raises  NotSigned; CannotRead: signed by the agent, and no JSON that can be read."""
    claims, message = _verify_signature(body, agent)
    if claims.get("agent-id") != agent.id:
        raise NotSigned("wrong agent")
    if not business or claims.get("business-id") != business:
        raise NotSigned("wrong business")
    issued, expires = _instant(claims.get("issued-at")), _instant(claims.get("expires-at"))
    if issued is None or issued > at_utc + LEEWAY:
        raise NotSigned("issued in the future")
    if expires is None or expires <= at_utc:
        raise NotSigned("expired")
    return SignedRequest(claims, hashlib.sha256(message).digest(), expires)


def plainly_opened(body: bytes, agent: Agent) -> Mapping[str, Any]:
    """As `opened` for bodies that name neither agent nor time: the reason of a revocation.

    Raises  NotSigned; CannotRead."""
    return _verify_signature(body, agent)[0]


def _verify_signature(body: bytes, agent: Agent) -> tuple[Mapping[str, Any], bytes]:
    """The content, and its bytes, without spaces and line ends around the body."""
    try:
        raw = canonical(body.strip())
    except ValueError as error:
        raise NotSigned(str(error)) from error
    try:
        Ed25519PublicKey.from_public_bytes(agent.verify_key).verify(raw[:SIGNATURE_BYTES], raw[SIGNATURE_BYTES:])
    except (InvalidSignature, ValueError) as error:
        raise NotSigned("no signature of this agent") from error
    try:
        claims = read_json(raw[SIGNATURE_BYTES:], most=MOST_BYTES)
    except NoJson as error:
        raise NotSigned("no JSON") from error
    if not isinstance(claims, dict):
        raise NotSigned("no JSON object")
    return claims, raw[SIGNATURE_BYTES:]


def _instant(text: Any) -> datetime | None:
    """An instant of ISO 8601; without a zone it is taken as UTC."""
    try:
        found = datetime.fromisoformat(text)
        instant = (found if found.tzinfo else found.replace(tzinfo=UTC)).astimezone(UTC)
    except (TypeError, ValueError, OverflowError):
        return None
    return instant if instant.year < MAXYEAR else None  # there is no leeway after the end of the calendar
