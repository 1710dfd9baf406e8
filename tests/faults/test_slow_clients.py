"""Clients that are slow, silent, too large or gone: the pages of everybody else go on, and nothing stays open."""

import socket
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from tests.served import Served, Shared, everything, shared
from tests.visits import MARISOL

from troth.serve import limits

__all__ = ["shared"]

PAGES = (
    "/",
    "/products/",
    "/policy",
    "/cookies/",
    "/privacy-choices/",
    "/quote/",
    "/contact/",
    "/sign-in/",
    "/healthz",
)
_ANSWERED_WITHIN_SECONDS = 5
_CONNECTIONS = 8 * limits.WORKERS
"""Each thread may have got its database connection."""
BODY = b"POST /quote/ HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-www-form-urlencoded\r\n"


@pytest.fixture
def site_served(site: Any, shared: Shared, tmp_path_factory: Any) -> Served:
    limits = {"HEADERS_WITHIN_SECONDS": 4, "BODY_WITHIN_SECONDS": 4, "READ_WITHIN_SECONDS": 3}
    running = shared.server(tmp_path_factory.getbasetemp(), **limits)
    for page in PAGES:
        running.get(page)  # warm: what is cached at the first visit is cached
    return running


def test_while_hundreds_are_slow_every_page_answers_and_then_they_are_closed(site_served: Served) -> None:
    before = site_served.open_files()
    bodies = [site_served.connect(BODY + b"Content-Length: 1000\r\n\r\nn") for _ in range(50)]
    headers = [site_served.connect(b"GET / HTTP/1.1\r\nHost: loc") for _ in range(200)]
    silent = [site_served.connect() for _ in range(25)]
    idle = [site_served.connect(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n") for _ in range(25)]
    with _dripping(bodies):
        for page in PAGES:
            began = time.monotonic()
            assert site_served.get(page)[0] == 200
            assert time.monotonic() - began < _ANSWERED_WITHIN_SECONDS
        ends = [everything(each) for each in [*bodies, *headers, *silent, *idle]]
    assert {end.split(b" ", 2)[1] for end in ends[:50]} == {b"408"}
    assert all(b"nothing was saved" in end for end in ends[:50])
    assert set(ends[50:275]) == {b""}
    assert all(end.startswith(b"HTTP/1.1 200") for end in ends[275:])
    _close([*bodies, *headers, *silent, *idle])
    _until(lambda: site_served.open_files() <= before + _CONNECTIONS)


def test_who_leaves_in_the_middle_leaves_nothing_open_and_sends_nothing(site_served: Served) -> None:
    before = site_served.open_files()
    part = "&".join(f"{key}={value}" for key, value in MARISOL.items()).replace(" ", "+").encode()
    _close([site_served.connect(BODY + b"Content-Length: 9000\r\n\r\n" + part) for _ in range(50)])
    halves = [site_served.connect(BODY + b"Content-Length: 9000\r\n\r\n" + part) for _ in range(5)]
    chunked = [site_served.connect(BODY + b"Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n") for _ in range(5)]
    for each in (*halves, *chunked):
        each.shutdown(socket.SHUT_WR)
        assert b" 200 " not in everything(each)[:20]
    _close([*halves, *chunked])
    _until(lambda: site_served.open_files() <= before + _CONNECTIONS)
    assert "Traceback" not in site_served.log.read_text()


@pytest.mark.asvs("V5.2.1")
def test_a_body_that_is_too_large_gets_a_page_that_says_so(site_served: Served) -> None:
    form = b"note=" + b"x" * 200_000
    page = site_served.answer(BODY + b"Content-Length: %d\r\nConnection: close\r\n\r\n" % len(form) + form)
    assert page.startswith(b"HTTP/1.1 413")
    assert b"The limit is 128 kB" in page
    assert b"content-security-policy" in page.lower()
    # A gigabyte is refused by its announcement, without one byte of it.
    page = site_served.answer(BODY + b"Content-Length: 1073741824\r\n\r\n")
    assert page.startswith(b"HTTP/1.1 413")
    # Without an announcement it is counted as it comes.
    chunk = b"8000\r\n" + b"x" * 0x8000 + b"\r\n"
    page = site_served.answer(
        BODY + b"Connection: close\r\nTransfer-Encoding: chunked\r\n\r\n" + chunk * 5 + b"0\r\n\r\n"
    )
    assert page.startswith(b"HTTP/1.1 413")


def test_a_form_of_just_128_kilobytes_reaches_the_site(site_served: Served) -> None:
    form = b"note=" + b"x" * (128 * 1024 - 5)
    page = site_served.answer(BODY + b"Content-Length: %d\r\nConnection: close\r\n\r\n" % len(form) + form)
    assert page.startswith(b"HTTP/1.1 403")  # it says not that it comes from our page


@pytest.mark.asvs("V5.2.1")
def test_files_are_refused_with_a_sentence_and_nothing_of_them_is_kept(site_served: Served) -> None:
    temporary = set(Path(tempfile.gettempdir()).glob("*.upload*"))
    part = (
        b'--x\r\nContent-Disposition: form-data; name="note"; filename="a.bin"\r\n\r\n'
        + b"y" * 90_000
        + b"\r\n--x--\r\n"
    )
    head = b"POST /quote/ HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Type: multipart/form-data; boundary=x\r\n"
    page = site_served.answer(head + b"Content-Length: %d\r\n\r\n" % len(part) + part)
    assert page.startswith(b"HTTP/1.1 400")
    assert "We don’t accept files here, so nothing was saved".encode() in page
    assert set(Path(tempfile.gettempdir()).glob("*.upload*")) == temporary


def test_who_reads_nothing_of_an_answer_is_left(site_served: Served) -> None:
    before = site_served.open_files()
    deaf = [_with_small_room(site_served) for _ in range(20)]
    for each in deaf:
        each.sendall(b"GET /static/troth/css/pico.min.css HTTP/1.1\r\nHost: localhost\r\n\r\n" * 100)
    assert site_served.get("/products/")[0] == 200
    _until(lambda: site_served.open_files() <= before + _CONNECTIONS, seconds=30)
    _close(deaf)


def _with_small_room(served: Served) -> socket.socket:
    """A connection on which little of an answer fits while nobody reads it."""
    opened = socket.socket()
    opened.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    opened.connect(("127.0.0.1", served.port))
    return opened


class _dripping:
    """One byte more on each connection, over and over, until they are closed."""

    def __init__(self, bodies: list[socket.socket]) -> None:
        self.bodies, self.stopped = bodies, threading.Event()
        self.thread = threading.Thread(target=self._drip)

    def __enter__(self) -> None:
        self.thread.start()

    def __exit__(self, *_error: object) -> None:
        self.stopped.set()
        self.thread.join()

    def _drip(self) -> None:
        while not self.stopped.wait(0.3):
            for body in self.bodies:
                try:
                    body.send(b"n")
                except OSError:
                    continue


def _until(holds: Callable[[], bool], *, seconds: float = 10) -> None:
    deadline = time.monotonic() + seconds
    while not holds() and time.monotonic() < deadline:
        time.sleep(0.05)
    assert holds()


def _close(connections: list[socket.socket]) -> None:
    for each in connections:
        each.close()
