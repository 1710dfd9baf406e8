"""The site served for real on the tests' database: `troth web` as it is started by `troth run`, and a plain client."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from troth.serve import limits

_STARTS_WITHIN_SECONDS = 40


@dataclass(frozen=True)
class Served:
    """A running server."""

    port: int
    process: "subprocess.Popen[bytes]"
    log: Path

    def connect(self, sent: bytes = b"") -> socket.socket:
        """A connection on which `sent` was sent."""
        opened = socket.create_connection(("127.0.0.1", self.port), timeout=30)
        opened.sendall(sent)
        return opened

    def answer(self, sent: bytes) -> bytes:
        """Everything that comes back to what was sent, until the server closes."""
        with self.connect(sent) as opened:
            return everything(opened)

    def get(self, path: str, **headers: str) -> tuple[int, bytes]:
        """Status and the rest of the answer to a request of one connection."""
        lines = {"Host": "localhost", "Connection": "close", **{key.replace("_", "-"): headers[key] for key in headers}}
        said = "".join(f"{name}: {value}\r\n" for name, value in lines.items())
        back = self.answer(f"GET {path} HTTP/1.1\r\n{said}\r\n".encode())
        return int(back.split(b" ", 2)[1]), back

    def workers(self) -> list[int]:
        """The processes that answer."""
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text().split()
        return [int(child) for child in children]

    def open_files(self) -> int:
        return sum(len(list(Path(f"/proc/{worker}/fd").iterdir())) for worker in self.workers())


def everything(opened: socket.socket) -> bytes:
    """What comes until the other side closes; a reset counts as an end."""
    parts = []
    try:
        while part := opened.recv(65536):
            parts.append(part)
    except ConnectionError:
        pass
    except TimeoutError as error:
        raise AssertionError(f"still open after {b''.join(parts)[:300]!r}") from error
    return b"".join(parts)


@contextmanager
def served(folder: Path, *, environ: dict[str, str] | None = None, **limited: float) -> Iterator[Served]:
    """The server until the end of the block. `limited`: limits of troth.serve.limits, shorter than in earnest."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    assert all(hasattr(limits, name) for name in limited)
    shorter = "".join(f"limits.{name} = {value}\n" for name, value in limited.items())
    program = f"from troth import serve\nfrom troth.serve import limits\n{shorter}serve.run(port={port})\n"
    known = {**os.environ, "TROTH_BASE_URL": f"http://localhost:{port}", "TROTH_PORT": str(port), **(environ or {})}
    log = folder / "served.txt"
    with log.open("wb") as said:
        process = subprocess.Popen(
            [sys.executable, "-u", "-c", program], env=known, stdout=said, stderr=said, start_new_session=True
        )
    running = Served(port, process, log)
    try:
        _await(running)
        yield running
    finally:
        process.terminate()
        process.wait(timeout=20)


def _await(running: Served) -> None:
    deadline = time.monotonic() + _STARTS_WITHIN_SECONDS
    while time.monotonic() < deadline and running.process.poll() is None:
        try:
            if running.get("/readyz")[0] == 200:
                return
        except OSError:
            time.sleep(0.05)
    raise AssertionError(running.log.read_text())


@dataclass
class Shared:
    """A server that several tests of a file use one after the other: it starts where the first one has its database.

    To the server the next test's database is the same one, with nothing in it but the adopted policy."""

    stack: ExitStack
    opened: "list[Served]" = field(default_factory=list)

    def server(self, folder: Path, **how: Any) -> Served:
        if not self.opened:
            self.opened.append(self.stack.enter_context(served(folder, **how)))
        assert self.opened[0].process.poll() is None, self.opened[0].log.read_text()
        return self.opened[0]


@pytest.fixture(scope="module")
def shared(cluster: Any) -> Iterator[Shared]:
    with ExitStack() as stack:
        yield Shared(stack)
