"""A status posted over real TLS: to the pinned address, with the certificate of the host's name, and no further."""

import http.server
import json
import socket
import ssl
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from tests.drp.agents import FRIENDS, listed

from troth.drp import callbacks, delivery

HOST = "drp.friends.example"
STATUS = {"request_id": "1", "status": "fulfilled"}


@dataclass
class Heard:
    port: int = 0
    requests: list[tuple[str, str, bytes]] = field(default_factory=list)
    answer: int = 200


@pytest.fixture
def agent_host(tmp_path: Path, monkeypatch: Any, request: Any) -> Iterator[Heard]:
    """A TLS server on loopback in the agent's place. What would go to its public address arrives here."""
    certificate = _certificate(tmp_path, name=getattr(request, "param", HOST))
    heard = Heard()

    class Listens(http.server.BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            heard.requests.append((self.path, self.headers["Host"], body))
            self.send_response(heard.answer)
            self.send_header("Location", "https://elsewhere.example/")
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, format: str, *values: Any) -> None:
            """Nothing: the test looks at what was heard."""

    server = http.server.HTTPServer(("127.0.0.1", 0), Listens)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    heard.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    connect, looked_up = socket.create_connection, [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("93.184.215.14", 443))]
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    monkeypatch.setattr(socket, "getaddrinfo", lambda *given, **more: looked_up)
    monkeypatch.setattr(delivery.socket, "create_connection", _instead(connect, heard))
    yield heard
    server.shutdown()
    thread.join(5)
    server.server_close()


def _instead(connect: Any, heard: Heard) -> Any:
    def to_loopback(address: tuple[str, int], timeout: float) -> socket.socket:
        assert address == ("93.184.215.14", 443)
        assert 0 < timeout <= delivery.WITHIN_SECONDS
        plain = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        plain.settimeout(timeout)
        plain.connect(("127.0.0.1", heard.port))
        return plain

    return to_loopback


def test_the_status_arrives_as_json(agent_host: Heard) -> None:
    callbacks.post(f"https://{HOST}/status?of=us", STATUS, agent=listed()[FRIENDS])
    ((path, host, body),) = agent_host.requests
    assert (path, host) == ("/status?of=us", HOST)
    assert json.loads(body) == STATUS


@pytest.mark.parametrize(("answer", "lasting"), [(302, True), (307, True), (404, True), (429, False), (503, False)])
def test_redirects_are_not_followed_and_what_may_pass_is_tried_again(
    agent_host: Heard, answer: int, lasting: bool
) -> None:
    agent_host.answer = answer
    with pytest.raises(callbacks.NotTold) as refused:
        callbacks.post(f"https://{HOST}/status", STATUS, agent=listed()[FRIENDS])
    assert refused.value.lasting == lasting
    assert len(agent_host.requests) == 1


@pytest.mark.parametrize("agent_host", ["somebody.example"], indirect=True)
def test_a_certificate_of_another_name_is_told_nothing(agent_host: Heard) -> None:
    with pytest.raises(callbacks.NotTold, match="SSLCertVerificationError"):
        callbacks.post(f"https://{HOST}/status", STATUS, agent=listed()[FRIENDS])
    assert agent_host.requests == []


def _certificate(folder: Path, *, name: str) -> Path:
    """A self-signed certificate with its key, in one file."""
    key = ec.generate_private_key(ec.SECP256R1())
    who = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(who).issuer_name(who).public_key(key.public_key()).serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1)).not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .sign(key, hashes.SHA256())
    )  # fmt: skip
    file = folder / "agent.pem"
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    file.write_bytes(private + made.public_bytes(serialization.Encoding.PEM))
    return file
