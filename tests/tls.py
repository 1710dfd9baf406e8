"""A certificate made here, and a small proxy that ends TLS as an operator's would: plain http is passed on as such."""

import re
import socket
import ssl
import threading
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

_TLS_BEGINS = b"\x16"


def certificate(folder: Path, *, name: str) -> Path:
    """A self-signed certificate with its key, in one file."""
    key = ec.generate_private_key(ec.SECP256R1())
    who = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(who)
        .issuer_name(who)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .sign(key, hashes.SHA256())
    )
    file = folder / f"{name}.pem"
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    file.write_bytes(private + made.public_bytes(serialization.Encoding.PEM))
    return file


@dataclass
class Proxy:
    """In front of the site at `upstream`; `cookies` are added to each request: {name: value}."""

    listens: socket.socket
    context: ssl.SSLContext
    upstream: int = 0
    cookies: Mapping[str, str] = field(default_factory=dict)

    @property
    def port(self) -> int:
        return int(self.listens.getsockname()[1])

    def run(self) -> None:
        while True:
            try:
                plain, _who = self.listens.accept()
            except OSError:
                return
            threading.Thread(target=self._pass_on, args=(plain,), daemon=True).start()

    def _pass_on(self, plain: socket.socket) -> None:
        with suppress(OSError), closing(plain):
            secure = plain.recv(1, socket.MSG_PEEK) == _TLS_BEGINS
            client = self.context.wrap_socket(plain, server_side=True) if secure else plain
            with closing(client), socket.create_connection(("127.0.0.1", self.upstream), timeout=20) as site:
                site.sendall(self._headed(_request(client), "https" if secure else "http"))
                while part := site.recv(65536):
                    client.sendall(part)

    def _headed(self, request: bytes, scheme: str) -> bytes:
        """The request with what a proxy adds, and one to a connection."""
        head, end, body = request.partition(b"\r\n\r\n")
        lines = [line for line in head.split(b"\r\n") if not line.lower().startswith(b"connection:")]
        cookie = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        added = [f"X-Forwarded-Proto: {scheme}", "Connection: close", *([f"Cookie: {cookie}"] if cookie else [])]
        return b"\r\n".join([*lines, *(line.encode() for line in added)]) + end + body


def _request(client: socket.socket) -> bytes:
    """Head and body, which a browser sends one after the other."""
    came = client.recv(65536)
    while b"\r\n\r\n" not in came and (part := client.recv(65536)):
        came += part
    head, _end, body = came.partition(b"\r\n\r\n")
    found = re.search(rb"(?i)\ncontent-length: *(\d+)", head)
    left = int(found[1]) - len(body) if found else 0
    while left > 0 and (part := client.recv(65536)):
        came, left = came + part, left - len(part)
    return came


@contextmanager
def proxy(folder: Path) -> Iterator[Proxy]:
    """The proxy at https://localhost:<port>, until the end of the block."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate(folder, name="localhost"))
    with socket.create_server(("127.0.0.1", 0)) as listens:
        made = Proxy(listens, context)
        thread = threading.Thread(target=made.run, daemon=True)
        thread.start()
        yield made
        listens.shutdown(socket.SHUT_RDWR)
    thread.join(5)
