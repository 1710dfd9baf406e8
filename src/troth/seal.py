"""Encrypted values, blind indexes and unguessable tokens, all from one master key outside the database.

A person's values are encrypted with a data key of their own, and that key is wrapped with the master key:

    master key ──HKDF──> wrapping key ──AES-256-GCM──> wrapped key     (table person_key)
    data key   ──AES-256-GCM, bound to "person|kind"──> sealed value   (table datum)
    index key  ──HMAC-SHA256 over "kind|value"──> blind index          (exact look-up, nothing else)
    address key ──AES-256-SIV──> the same bytes for the same address   (sign-in, unique addresses)
    secret key ──AES-256-GCM, bound to its use──> sealed secret        (what an authenticator app shares with us)

A sealed value is  0x01 ‖ nonce (12 bytes) ‖ ciphertext and tag.  Destroying the wrapped key erases the person: nobody
can decrypt what stays in tables, not even with the master key. An older backup that contains values and keys together
can be decrypted with the master key. `troth backup` therefore writes the wrapped keys to a separate file, which the
next backup replaces: older backups keep only values, and nobody can decrypt those of an erased person.
docs/operating.md says how; decision 0031 says why.

Policy  #S1
Source  NIST SP 800-38D (GCM), RFC 5297 (SIV), RFC 5869 (HKDF), RFC 2104 (HMAC).
"""

import base64
import functools
import hashlib
import hmac
import os
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM, AESSIV
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

from troth.opening import NO_KEY, explain_file_error

_FORMAT = b"\x01"
_NONCE_BYTES = 12
_KEY_BYTES = 32


class SealError(Exception):
    """Encrypted data can't be used; the message is a sentence for the operator."""


class MissingMasterKey(SealError):
    """There is no usable master key where the settings say it is."""


class CannotOpen(SealError):
    """The bytes were not encrypted with this key for this person and kind, or were changed since."""


@dataclass(frozen=True)
class Vault:
    """The keys derived from one master key (32 bytes)."""

    wrapping: bytes
    indexing: bytes
    addressing: bytes
    signing: bytes
    hiding: bytes

    @classmethod
    def of(cls, master: bytes) -> "Vault":
        if len(master) != _KEY_BYTES:
            raise MissingMasterKey(f"The master key has {len(master)} bytes instead of {_KEY_BYTES}.")
        return cls(
            wrapping=_derive(master, "wrap", _KEY_BYTES),
            indexing=_derive(master, "index", _KEY_BYTES),
            addressing=_derive(master, "address", 2 * _KEY_BYTES),
            signing=_derive(master, "sign", _KEY_BYTES),
            hiding=_derive(master, "secret", _KEY_BYTES),
        )

    def new_wrapped_key(self, person: UUID) -> bytes:
        """A fresh data key for `person`, wrapped: the only form in which it is stored."""
        return _encrypt(self.wrapping, secrets.token_bytes(_KEY_BYTES), f"key|{person}")

    def seal(self, wrapped: bytes, person: UUID, kind: str, value: str) -> bytes:
        return _encrypt(self._unwrap(wrapped, person), value.encode(), f"{person}|{kind}")

    def open(self, wrapped: bytes, person: UUID, kind: str, sealed: bytes) -> str:
        """The value. Raises CannotOpen for another person's, another kind's or changed bytes."""
        return _decrypt(self._unwrap(wrapped, person), sealed, f"{person}|{kind}").decode()

    def opener(self, wrapped: bytes, person: UUID) -> Callable[[str, bytes], str]:
        """As `open` for many values of one person, (kind, sealed) → value: the key is unwrapped once."""
        key = AESGCM(self._unwrap(wrapped, person))
        return lambda kind, sealed: _open(key, sealed, f"{person}|{kind}").decode()

    def blind_index(self, kind: str, value: str) -> bytes:
        """32 bytes that find exactly this normalized value and don't reveal it."""
        return hmac.digest(self.indexing, f"{kind}|{value}".encode(), "sha256")

    def seal_address(self, address: str) -> bytes:
        """The same bytes for the same normalized address, so that sign-in and uniqueness work on them."""
        return AESSIV(self.addressing).encrypt(address.encode(), [b"address"])

    def open_address(self, sealed: bytes) -> str:
        try:
            return AESSIV(self.addressing).decrypt(sealed, [b"address"]).decode()
        except InvalidTag as error:
            raise CannotOpen("A sealed address was changed, or sealed with another master key.") from error

    def hide(self, use: str, secret: bytes) -> bytes:
        """Encrypts a secret that the program must read again, for one use, e.g. "authenticator 17"."""
        return _encrypt(self.hiding, secret, use)

    def show(self, use: str, hidden: bytes) -> bytes:
        """The secret. Raises CannotOpen for another use or changed bytes."""
        return _decrypt(self.hiding, hidden, use)

    def token(self, power: str, subject: UUID) -> str:
        """The unguessable token of one power over one subject, e.g. ("open history", link id). Never stored."""
        signed = self._signer.copy()
        signed.update(f"{power}|{subject}".encode())
        return base64.urlsafe_b64encode(signed.digest()[:24]).decode()

    def line_mark(self, line: bytes) -> str:
        """The keyed hash that proves that we wrote a line of a file outside the database: 128 bits in hex."""
        return hmac.digest(self.signing, b"line|" + line, "sha256")[:16].hex()

    def _unwrap(self, wrapped: bytes, person: UUID) -> bytes:
        return _open(self._wrapper, wrapped, f"key|{person}")

    # Prepared once, for OpenSSL looks for its algorithm each time, which takes longer than to use it.

    @functools.cached_property
    def _signer(self) -> hmac.HMAC:
        return hmac.new(self.signing, digestmod="sha256")

    @functools.cached_property
    def _wrapper(self) -> AESGCM:
        return AESGCM(self.wrapping)


def token_hash(token: str) -> bytes:
    """The stored hash of a token."""
    return hashlib.sha256(token.encode()).digest()


def vault() -> Vault:
    """The vault of this process. Raises MissingMasterKey with what to do."""
    return _vault_of(settings.TROTH_MASTER_KEY_FILE)


@functools.cache
def _vault_of(file: str | Path) -> Vault:
    return vault_at(Path(file))


@functools.cache
def vault_at(path: Path) -> Vault:
    """The vault of the master key in the file `path` (base64, 32 bytes)."""
    return Vault.of(_read_master(path))


def make_master_key(path: Path) -> None:
    """Creates a master key in `path`, readable only by its owner; never replaces an existing file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(base64.b64encode(secrets.token_bytes(_KEY_BYTES)) + b"\n")


def _read_master(path: Path) -> bytes:
    try:
        master = base64.b64decode(path.read_bytes(), validate=False)
    except FileNotFoundError as error:
        raise MissingMasterKey(
            f"There is no master key at {path}. Without it, no personal data can be read. "
            "Put the key back from your safe, or name its file in TROTH_MASTER_KEY_FILE. For a new site, "
            "`troth prepare --services` makes it, as `troth run` does."
        ) from error
    except (OSError, ValueError) as error:
        raise MissingMasterKey(
            f"Can't read the master key at {path}: {explain_file_error(error, unlike=NO_KEY)}."
        ) from error
    if len(master) != _KEY_BYTES:
        raise MissingMasterKey(
            f"The master key at {path} has {len(master)} bytes instead of {_KEY_BYTES}. Put the right file back."
        )
    return master


def _derive(master: bytes, use: str, length: int) -> bytes:
    return HKDF(hashes.SHA256(), length, salt=None, info=f"troth {use} 1".encode()).derive(master)


def _encrypt(key: bytes, plain: bytes, bound_to: str) -> bytes:
    nonce = secrets.token_bytes(_NONCE_BYTES)
    return _FORMAT + nonce + AESGCM(key).encrypt(nonce, plain, bound_to.encode())


def _decrypt(key: bytes, sealed: bytes, bound_to: str) -> bytes:
    return _open(AESGCM(key), sealed, bound_to)


def _open(key: AESGCM, sealed: bytes, bound_to: str) -> bytes:
    nonce, body = sealed[1 : 1 + _NONCE_BYTES], sealed[1 + _NONCE_BYTES :]
    if sealed[:1] != _FORMAT:
        raise CannotOpen("The bytes are in no format this version knows.")
    try:
        return key.decrypt(nonce, body, bound_to.encode())
    except InvalidTag as error:
        raise CannotOpen("The value was changed, or sealed for another person, kind or key.") from error
