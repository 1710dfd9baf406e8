"""Facts of emails besides personal values: ids, numbers, dates. Each email has its own type."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any
from uuid import UUID

from troth import gate


@dataclass(frozen=True, kw_only=True)
class EmailFacts:
    """Facts that any email may have. Rooms extend it; templates read them as `facts`.

    link   the private link that it carries: its secret is derived again when the email leaves
    page   which page of a request that link opens
    proof  the single-use secret that it carries, likewise"""

    link: UUID | None = None
    page: str = "case"
    proof: UUID | None = None


@dataclass(frozen=True, kw_only=True)
class EmailPayload(gate.EntryPayload):
    """What entries about an email say.

    email     the queued one; empty for one that was never queued
    template  which of a room's emails it is
    to, name  the recipient's class and key, or "person", and what the recipient is called
    code      why it was held back, or not delivered"""

    email: str = ""
    template: str = ""
    to: str = ""
    name: str = ""
    code: str = ""


def write(facts: EmailFacts) -> dict[str, Any]:
    """The facts as the queue stores them, without empty ones."""
    said = {field.name: getattr(facts, field.name) for field in fields(facts)}
    return {name: str(it) if isinstance(it, UUID) else it for name, it in said.items() if it}


def read(stored: Mapping[str, Any]) -> EmailFacts:
    """The common facts of a stored email; templates read the others directly."""
    link, proof = (UUID(stored[name]) if stored.get(name) else None for name in ("link", "proof"))
    return EmailFacts(link=link, page=str(stored.get("page") or "case"), proof=proof)
