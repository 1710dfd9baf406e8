"""Keyed hashes that find requests of the same address or company, without storing either."""

from dataclasses import dataclass

from troth.addresses import comparable
from troth.seal import vault
from troth.text.free_mail import is_free


@dataclass(frozen=True)
class Keys:
    """Keyed hashes of the address and, unless it is a free provider, of its domain."""

    address: bytes
    company: bytes | None


def keys_of(email: str) -> Keys:
    """Raises NoAddress."""
    address = comparable(email)
    index = vault().blind_index
    domain = address.rpartition("@")[2]
    return Keys(index("address", address), None if is_free(domain) else index("domain", domain))
