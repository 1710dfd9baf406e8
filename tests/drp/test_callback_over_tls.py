"""A status posted over real TLS: to the pinned address, with the certificate of the host's name, and no further."""

import http.server
import json
import socket
import ssl
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from tests.drp.agents import FRIENDS, listed
from tests.tls import certificate

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
    pem = certificate(tmp_path, name=getattr(request, "param", HOST))
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
    context.load_cert_chain(pem)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    heard.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    connect, looked_up = socket.create_connection, [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("93.184.215.14", 443))]
    monkeypatch.setenv("SSL_CERT_FILE", str(pem))
    monkeypatch.setattr(socket, "getaddrinfo", lambda *given, **more: looked_up)
    monkeypatch.setattr("troth.drp.delivery.socket.create_connection", _instead(connect, heard))
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
    with pytest.raises(delivery.NotReached) as refused:
        callbacks.post(f"https://{HOST}/status", STATUS, agent=listed()[FRIENDS])
    assert refused.value.lasting == lasting
    assert len(agent_host.requests) == 1


@pytest.mark.parametrize("agent_host", ["somebody.example"], indirect=True)
def test_a_certificate_of_another_name_is_told_nothing(agent_host: Heard) -> None:
    with pytest.raises(delivery.NotReached, match="SSLCertVerificationError"):
        callbacks.post(f"https://{HOST}/status", STATUS, agent=listed()[FRIENDS])
    assert agent_host.requests == []
