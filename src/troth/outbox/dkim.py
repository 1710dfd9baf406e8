"""Signing what leaves, so that receivers can tell that it is ours and unchanged.

Each key of the settings signs: RSA for all receivers, Ed25519 beside it for those that know it. Headers and body are
made comparable in the relaxed way, which survives what mail servers do to spaces and line ends.

Source  RFC 6376; RFC 8463 (Ed25519); RFC 8301 (RSA of 2,048 bits)
"""

import base64
import functools
import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_pem_private_key
from django.conf import settings

from troth.opening import NO_KEY, explain_file_error

_HEADERS = frozenset(
    (
        *("from", "to", "cc", "subject", "date", "message-id", "reply-to", "in-reply-to", "references"),
        *("mime-version", "content-type", "content-transfer-encoding"),
        *("auto-submitted", "list-unsubscribe", "list-unsubscribe-post"),
    )
)
_ONCE = ("from", "to", "subject", "date", "message-id", "reply-to")
"""Signed once more than they are there: nobody can add a second one."""
_LEAST_BITS = 2048
PrivateKey = RSAPrivateKey | Ed25519PrivateKey


class NoSigningKey(Exception):
    """A key of TROTH_DKIM can't be used; the message says why."""


@dataclass(frozen=True)
class SigningKey:
    """A key and the selector under which the domain publishes its other half."""

    selector: str
    private: PrivateKey

    @property
    def algorithm(self) -> str:
        return "rsa-sha256" if isinstance(self.private, RSAPrivateKey) else "ed25519-sha256"

    @property
    def record(self) -> str:
        """What the domain's DNS has to say at <selector>._domainkey."""
        public = self.private.public_key()
        if isinstance(self.private, RSAPrivateKey):
            return f"v=DKIM1; k=rsa; p={_base64(public.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo))}"
        return f"v=DKIM1; k=ed25519; p={_base64(public.public_bytes(Encoding.Raw, PublicFormat.Raw))}"

    def sign(self, data: bytes) -> bytes:
        if isinstance(self.private, RSAPrivateKey):
            return self.private.sign(data, PKCS1v15(), hashes.SHA256())
        return self.private.sign(hashlib.sha256(data).digest())


def sign(message: bytes, *, domain: str, at: int) -> bytes:
    """The message with a signature of each key before it; as it is where the settings name no key.

    Takes   message: with CRLF at each line's end; at: seconds since 1970.   Raises  NoSigningKey."""
    head, _blank, body = message.partition(b"\r\n\r\n")
    headers = [(name.lower(), value) for name, value in _split(head)]
    digest = _base64(hashlib.sha256(relax_body(body)).digest()) if list_keys() else ""
    return b"".join(_make(key, headers, digest, domain=domain, at=at) for key in list_keys()) + message


def list_keys() -> tuple[SigningKey, ...]:
    """The keys that the settings name."""
    return tuple(read_key(selector, file) for selector, file in settings.TROTH_DKIM)


@functools.cache
def read_key(selector: str, file: Path) -> SigningKey:
    """Raises  NoSigningKey."""
    try:
        private = load_pem_private_key(file.read_bytes(), password=None)
    except (OSError, ValueError, TypeError) as error:
        raise NoSigningKey(f"Can't read the DKIM key {file}: {explain_file_error(error, unlike=NO_KEY)}.") from error
    if not isinstance(private, RSAPrivateKey | Ed25519PrivateKey):
        raise NoSigningKey(f"The DKIM key {file} is neither RSA nor Ed25519.")
    if isinstance(private, RSAPrivateKey) and private.key_size < _LEAST_BITS:
        raise NoSigningKey(f"The DKIM key {file} has {private.key_size} bits; make one of {_LEAST_BITS}.")
    return SigningKey(selector, private)


def relax_body(body: bytes) -> bytes:
    """Spaces as one, none at a line's end, no empty lines at the end."""
    if b"  " in body or b"\t" in body or b" \r\n" in body:
        body = re.sub(rb"[ \t]+", b" ", body).replace(b" \r\n", b"\r\n")
    lines = body.rstrip(b"\r\n ")
    return lines + b"\r\n" if lines else b""


def relax_header(name: str, value: bytes) -> bytes:
    return name.encode() + b":" + b" ".join(value.replace(b"\r\n", b"").split()) + b"\r\n"


def _make(key: SigningKey, headers: list[tuple[str, bytes]], digest: str, *, domain: str, at: int) -> bytes:
    signed = [(name, value) for name, value in reversed(headers) if name in _HEADERS]  # from the last of a name upward
    names = ":".join([*(name for name, _value in signed), *_ONCE])
    stated = (
        f"v=1; a={key.algorithm}; c=relaxed/relaxed; d={domain}; s={key.selector}; t={at};\r\n"
        f" h={_fold(names, ':')};\r\n bh={digest};\r\n b="
    ).encode()
    said = b"".join(relax_header(name, value) for name, value in signed)
    own = relax_header("dkim-signature", stated).removesuffix(b"\r\n")
    return b"DKIM-Signature: " + stated + _fold(_base64(key.sign(said + own)), "").encode() + b"\r\n"


def _split(head: bytes) -> Iterator[tuple[str, bytes]]:
    for line in re.split(rb"\r\n(?![ \t])", head):
        name, _colon, value = line.partition(b":")
        yield name.decode("ascii", "replace").strip(), value


def _fold(text: str, at: str) -> str:
    """In lines that no mail server breaks: after each sign `at`, or anywhere."""
    pieces = text.split(at) if at else [text[start : start + 72] for start in range(0, len(text), 72)]
    if not at:
        return "\r\n ".join(pieces)
    lines = [at.join(pieces[start : start + 5]) for start in range(0, len(pieces), 5)]
    return f"{at}\r\n ".join(lines)


def _base64(data: bytes) -> str:
    return base64.b64encode(data).decode()
