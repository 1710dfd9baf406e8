"""How staff prove their password to the database, which can't compute Argon2 itself.

    staff$argon2id$v=19$m=19456,t=2,p=1$<salt>      stored with the user: how the proof is computed from the password
    proof     = Argon2id(password)                  32 bytes, known only while the password is being entered
    verifier  = SHA-256(proof)                      stored where only the owner of the database can read it

So the application's role can sign in someone who has the password, and nobody else; the verifier reveals no proof.
"""

import base64
import hashlib
import re
import secrets
from collections.abc import Iterator

from argon2.low_level import Type, hash_secret_raw

from troth.security.hashing import turn
from troth.security.passwords import forms_of

_TIME, _MEMORY_KIB, _LANES = 2, 19_456, 1
_SALT_BYTES, _PROOF_BYTES = 16, 32
_STORED = re.compile(r"staff\$argon2id\$v=19\$m=(\d{1,7}),t=(\d{1,3}),p=(\d{1,3})\$([A-Za-z0-9+/]+)", re.ASCII)


def secret(password: str) -> tuple[str, bytes]:
    """What is stored for a new password: how its proof is computed, and the verifier."""
    salt = base64.b64encode(secrets.token_bytes(_SALT_BYTES)).decode().rstrip("=")
    stored = f"staff$argon2id$v=19$m={_MEMORY_KIB},t={_TIME},p={_LANES}${salt}"
    return stored, hashlib.sha256(proof(stored, forms_of(password)[0])).digest()


def proof(stored: str, password: str) -> bytes:
    """The proof of this password; useless if nothing matching is stored."""
    found = _STORED.fullmatch(stored)
    memory, time, lanes = map(int, found.groups()[:3]) if found else (_MEMORY_KIB, _TIME, _LANES)
    salt = base64.b64decode(found[4] + "===") if found else secrets.token_bytes(_SALT_BYTES)
    with turn():
        return hash_secret_raw(
            password.encode(),
            salt,
            time_cost=time,
            memory_cost=memory,
            parallelism=lanes,
            hash_len=_PROOF_BYTES,
            type=Type.ID,
        )


def proofs(stored: str, password: str) -> Iterator[bytes]:
    """The proof of the normalized password, then of the forms in which older passwords were hashed."""
    yield from (proof(stored, each) for each in forms_of(password))


def is_dated(stored: str) -> bool:
    """Whether the proof is computed differently from a new one."""
    return not stored.startswith(f"staff$argon2id$v=19$m={_MEMORY_KIB},t={_TIME},p={_LANES}$")
