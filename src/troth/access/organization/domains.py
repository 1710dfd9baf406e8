"""Which mail domain an account has proven, and whether it can stand for an organization."""

from functools import cache
from pathlib import Path

from troth.security.models import User

_FREE = Path(__file__).parent / "free_mail.txt"


def domain_of(user: User) -> str:
    """The domain of the proven address, or "" where everybody may have one: it tells nothing of an organization."""
    domain = user.address.rpartition("@")[2]
    return "" if is_free(domain) else domain


def is_free(domain: str) -> bool:
    """Whether the domain, or one above it, gives addresses to everybody."""
    parts = domain.casefold().split(".")
    return any(".".join(parts[at:]) in _free() for at in range(len(parts)))


@cache
def _free() -> frozenset[str]:
    lines = _FREE.read_text(encoding="utf-8").splitlines()
    return frozenset(line.strip() for line in lines if line.strip() and not line.startswith("#"))
