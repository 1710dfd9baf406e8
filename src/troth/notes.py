"""Signed notes: a text and, below a blank line, its Ed25519 signatures. Checkpoints of the ledger are such notes.

    troth.example/ledger                                       the text, each line ended
    8
    XcnaeacGWamtVZy3Ad7ZoqudgjqtL0lgz+Nw7/RgQyg=

    — troth.example/ledger 3vKk…                               base64(key id, 4 bytes ‖ signature, 64 bytes)

The key id is the beginning of SHA-256(name ‖ 0x0A ‖ 0x01 ‖ public key). Key files hold one line each:

    ledger.key   PRIVATE+KEY+<name>+<key id>+base64(0x01 ‖ private key)      0600, made once, never replaced
    ledger.pub   <name>+<key id>+base64(0x01 ‖ public key)                   public; one line per key

Source  C2SP signed-note; the key files are those of Go's golang.org/x/mod/sumdb/note.
"""

import base64
import binascii
import hashlib
import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from troth.opening import NO_KEY, explain_file_error

_ED25519 = b"\x01"
_PRIVATE = "PRIVATE+KEY+"
_MARK = "\n\n— "


class NoteProblem(Exception):
    """A note or a key cannot be used; the message is a sentence."""


class MissingKey(NoteProblem):
    """There is no usable signing key where the settings say it is."""


@dataclass(frozen=True)
class Verifier:
    """A public key and the name that it signs as."""

    name: str
    public: bytes

    @classmethod
    def parse(cls, line: str) -> "Verifier":
        name, _, rest = line.strip().partition("+")
        id, _, encoded = rest.partition("+")
        key = _decode(encoded)
        verifier = cls(name, key[1:])
        if not name or key[:1] != _ED25519 or len(key) != 33 or verifier.id.hex() != id:
            raise NoteProblem(f"“{line.strip()[:80]}” isn't a ledger public key.")
        return verifier

    @property
    def id(self) -> bytes:
        return hashlib.sha256(self.name.encode() + b"\n" + _ED25519 + self.public).digest()[:4]

    @property
    def fingerprint(self) -> str:
        """SHA-256 of the public key in groups of four, for comparing by reading aloud."""
        digest = hashlib.sha256(self.public).hexdigest()
        return " ".join(digest[at : at + 4] for at in range(0, 32, 4))

    def __str__(self) -> str:
        return f"{self.name}+{self.id.hex()}+{base64.b64encode(_ED25519 + self.public).decode()}"

    def is_signature(self, text: str, signature: bytes) -> bool:
        try:
            Ed25519PublicKey.from_public_bytes(self.public).verify(signature, text.encode())
        except (InvalidSignature, ValueError):
            return False
        return True


@dataclass(frozen=True)
class Signer:
    """A private key and the name that it signs as."""

    name: str
    private: Ed25519PrivateKey

    @classmethod
    def parse(cls, line: str) -> "Signer":
        name, _, rest = line.strip().removeprefix(_PRIVATE).partition("+")
        key = _decode(rest.partition("+")[2])
        if not line.startswith(_PRIVATE) or not name or key[:1] != _ED25519 or len(key) != 33:
            raise MissingKey("The file contains no ledger signing key.")
        return cls(name, Ed25519PrivateKey.from_private_bytes(key[1:]))

    @property
    def verifier(self) -> Verifier:
        return Verifier(self.name, self.private.public_key().public_bytes_raw())

    def __str__(self) -> str:
        return (
            f"{_PRIVATE}{self.name}+{self.verifier.id.hex()}+"
            f"{base64.b64encode(_ED25519 + self.private.private_bytes_raw()).decode()}"
        )

    def sign(self, text: str) -> str:
        """The note: the text, a blank line, the signature."""
        signature = base64.b64encode(self.verifier.id + self.private.sign(text.encode())).decode()
        return f"{text}\n— {self.name} {signature}\n"


def open_note(note: str, verifiers: Iterable[Verifier]) -> tuple[str, Verifier]:
    """The text of a note and the key whose signature is valid. Raises NoteProblem if none of these keys signed it."""
    text, _, signatures = note.rpartition(_MARK)
    text += "\n"
    known = {(verifier.name, verifier.id): verifier for verifier in verifiers}
    for line in signatures.split("\n— "):
        name, _, encoded = line.strip("\n").partition(" ")
        signed = _decode(encoded)
        verifier = known.get((name, signed[:4]))
        if verifier is not None and verifier.is_signature(text, signed[4:]):
            return text, verifier
    raise NoteProblem("None of the trusted keys signed this checkpoint.")


def make_key(path: Path, *, name: str) -> None:
    """Creates a signing key in `path`, readable only by its owner, with its public key next to it; replaces nothing."""
    path.parent.mkdir(parents=True, exist_ok=True)
    signer = Signer(name, Ed25519PrivateKey.generate())
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(f"{signer}\n")
    with public_file(path).open("a") as file:
        file.write(f"{signer.verifier}\n")
    public_file(path).chmod(0o644)


def public_file(path: Path) -> Path:
    """The file of the public keys of the signing key in `path`."""
    return path.with_suffix(".pub")


def signer_at(path: Path) -> Signer:
    """The signing key in the file. Raises MissingKey with what to do."""
    try:
        return Signer.parse(path.read_text())
    except FileNotFoundError as error:
        raise MissingKey(
            f"There is no signing key of the ledger at {path}. It is never replaced by itself: with another key, "
            "nobody could tell your ledger from a forged one. Put it back from your safe, or name its file in "
            "TROTH_LEDGER_KEY_FILE. For a new site, "
            "`troth prepare --services` makes it, as `troth run` does."
        ) from error
    except (OSError, ValueError) as error:
        raise MissingKey(
            f"Can't read the ledger's signing key at {path}: {explain_file_error(error, unlike=NO_KEY)}."
        ) from error


def verifiers_at(path: Path) -> list[Verifier]:
    """The public keys in the file, one a line. Raises NoteProblem."""
    try:
        lines = path.read_text().splitlines()
    except (OSError, ValueError) as error:
        raise NoteProblem(
            f"Can't read the ledger's public key at {path}: {explain_file_error(error, unlike=NO_KEY)}."
        ) from error
    return [Verifier.parse(line) for line in lines if line.strip()]


def canonical(encoded: str | bytes) -> bytes:
    """Decodes standard base64 exactly as an encoder writes it.

    Bits beyond the last byte, line breaks, the url-safe
    alphabet and missing or extra "=" are refused, so that each message has one spelling.

    Raises  ValueError.   Source  RFC 4648, 3.5"""
    try:
        raw = base64.b64decode(encoded, validate=True)
    except binascii.Error as error:
        raise ValueError("no base64") from error
    written = encoded.encode("ascii") if isinstance(encoded, str) else encoded
    if base64.b64encode(raw) != written:
        raise ValueError("another spelling of base64")
    return raw


def _decode(encoded: str) -> bytes:
    try:
        return canonical(encoded)
    except ValueError:
        return b""
