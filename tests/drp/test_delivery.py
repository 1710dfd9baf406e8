"""An agent's host that drips, keeps silent or never ends is left in time; one that leads inside is never asked."""

import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from pathlib import Path
from typing import Any

import pytest
from tests.drp.test_callback_over_tls import HOST
from tests.tls import certificate

from troth.drp import delivery

Behaves = Callable[[socket.socket, ssl.SSLContext], None]


def _silent(plain: socket.socket, context: ssl.SSLContext) -> None:
    """Takes the connection and never begins TLS."""
    plain.recv(1)
    time.sleep(30)


def _says(part: bytes, *, times: int, wait: float) -> Behaves:
    def say(plain: socket.socket, context: ssl.SSLContext) -> None:
        with context.wrap_socket(plain, server_side=True) as secure:
            secure.recv(65536)
            for _ in range(times):
                secure.sendall(part)
                time.sleep(wait)

    return say


@pytest.fixture
def host(request: Any, tmp_path: Path, monkeypatch: Any) -> Iterator[None]:
    """The agent's host, behaving badly."""
    pem = certificate(tmp_path, name=HOST)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pem)
    listens = socket.create_server(("127.0.0.1", 0))

    def behave() -> None:
        with suppress(OSError), closing(listens.accept()[0]) as plain:
            request.param(plain, context)

    threading.Thread(target=behave, daemon=True).start()
    connect, port = socket.create_connection, listens.getsockname()[1]
    monkeypatch.setenv("SSL_CERT_FILE", str(pem))
    monkeypatch.setattr(delivery, "WITHIN_SECONDS", 1)
    monkeypatch.setattr(delivery, "public_address", lambda host, within: "93.184.215.14")
    monkeypatch.setattr(
        "troth.drp.delivery.socket.create_connection", lambda to, timeout: connect(("127.0.0.1", port), timeout)
    )
    yield
    listens.close()


@pytest.mark.parametrize(
    ("host", "why"),
    [
        (_silent, "TimeoutError"),
        (_says(b"H", times=100, wait=0.3), "TimeoutError"),
        (_says(b"HTTP/1.1 200 OK\r\nX: y\r\n", times=100, wait=0.3), "TimeoutError"),
        (_says(b"HTTP/1.1 100 Continue\r\n\r\n", times=100, wait=0.2), "TimeoutError"),
        (_says(b"HTTP/1.1 200 OK\r\nX: " + b"y" * 40_000, times=1, wait=0), "HTTPException"),
        (_says(b"HTTP/1.1 100 Continue\r\n\r\n" * 1000, times=3, wait=0), "HTTPException"),
        (_says(b"no http\r\n\r\n", times=1, wait=0), "BadStatusLine"),
        (_says(b"", times=1, wait=0), "RemoteDisconnected"),
    ],
    indirect=["host"],
)
def test_a_host_that_behaves_badly_is_left_within_one_deadline_for_all(host: None, why: str) -> None:
    began = time.monotonic()
    with pytest.raises(delivery.NotReached, match=why) as refused:
        delivery.post(HOST, "/status", b"{}")
    assert time.monotonic() - began < 10  # it would drip for thirty
    assert not refused.value.lasting


@pytest.mark.parametrize("host", [_says(b"HTTP/1.1 204 No Content\r\n\r\n", times=1, wait=0)], indirect=True)
def test_a_status_without_a_body_is_enough(host: None) -> None:
    assert delivery.post(HOST, "/a path?with=bl\nank\u00e9", b"{}") == 204


PRIVATE = (
    "0.0.0.0",
    "0.1.2.3",
    "10.1.2.3",
    "100.64.0.1",
    "100.127.255.254",
    "127.0.0.1",
    "127.1.2.3",
    "169.254.169.254",
    "172.16.0.1",
    "172.31.255.255",
    "192.0.0.8",
    "192.0.0.9",
    "192.0.0.170",
    "192.0.2.1",
    "192.31.196.1",
    "192.52.193.1",
    "192.88.99.1",
    "192.168.1.1",
    "192.175.48.1",
    "198.18.0.1",
    "198.19.255.255",
    "198.51.100.1",
    "203.0.113.9",
    "224.0.0.1",
    "239.255.255.250",
    "240.0.0.1",
    "255.255.255.255",
    "::",
    "::1",
    "::ffff:10.0.0.1",
    "::ffff:93.184.215.14",
    "::10.0.0.1",
    "64:ff9b::a00:1",
    "64:ff9b::5db8:d70e",
    "64:ff9b:1::a00:1",
    "100::1",
    "100:0:0:1::1",
    "2001::1",
    "2001:0:4136:e378:8000:63bf:3fff:fdd2",
    "2001:2::1",
    "2001:3::1",
    "2001:4:112::1",
    "2001:10::1",
    "2001:20::1",
    "2001:30::1",
    "2001:db8::1",
    "2002:a00:1::",
    "2002:5db8:d70e::1",
    "2620:4f:8000::1",
    "3fff::1",
    "5f00::1",
    "fc00::1",
    "fd12:3456::1",
    "fe80::1",
    "fe80::1%eth0",
    "fec0::1",
    "ff02::1",
    "4000::1",
)
PUBLIC = (
    "93.184.215.14",
    "1.1.1.1",
    "100.128.0.1",
    "172.32.0.1",
    "192.0.1.1",
    "198.20.0.1",
    "223.255.255.254",
    "2606:2800:21f:cb07:6820:80da:af6b:8b2c",
    "2001:4860:4860::8888",
    "2a00:1450:4001::1",
    "2400:cb00::1",
)


@pytest.mark.parametrize("address", PRIVATE)
def test_every_range_of_a_special_purpose_counts_as_private(address: str, monkeypatch: Any) -> None:
    assert not delivery.is_public(address)
    found = [(socket.AF_INET6, socket.SOCK_STREAM, 6, "", (each, 443)) for each in ("93.184.215.14", address)]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *given, **more: found)
    with pytest.raises(delivery.NotReached) as refused:
        delivery.public_address(HOST, within=10)
    assert refused.value.lasting


def test_a_name_that_takes_too_long_to_look_up_is_left_at_the_same_deadline(monkeypatch: pytest.MonkeyPatch) -> None:
    over = threading.Event()
    monkeypatch.setattr(delivery, "WITHIN_SECONDS", 0.1)
    monkeypatch.setattr(socket, "getaddrinfo", lambda *given, **more: over.wait(30) and [])
    began = time.monotonic()
    with pytest.raises(delivery.NotReached, match="not looked up in time") as refused:
        delivery.post(HOST, "/status", b"{}")
    over.set()
    assert time.monotonic() - began < 10
    assert not refused.value.lasting


def test_a_name_that_can_be_no_host_is_not_reached(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(delivery.NotReached, match="no such host"):
        delivery.post(f"{'a' * 70}.example", "/status", b"{}")


@pytest.mark.parametrize("address", PUBLIC)
def test_the_internets_own_addresses_are_public(address: str) -> None:
    assert delivery.is_public(address)
