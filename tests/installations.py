"""Folders in which `troth run` is tried: new ones, and copies of one where a site ran and was stopped before."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import pytest
from tests.mail import free_port

from troth import catalog

ENVIRONMENT = (
    "DATABASE_URL",
    "TROTH_OWNER_URL",
    "TROTH_SEALER_URL",
    "TROTH_MASTER_KEY_FILE",
    "TROTH_LEDGER_KEY_FILE",
    "TROTH_BASE_URL",
    "TROTH_DEMO",
    "PYTHONDONTWRITEBYTECODE",
)
_FIRST_START_SECONDS = 60
_PROCESS_IS_BACK_WITHIN_SECONDS = 40


@dataclass
class Installation:
    """A folder in which `troth run` is tried."""

    home: Path
    port: int
    command: tuple[str, ...] = (sys.executable, "-u", "-m", "troth", "run")
    started: list["subprocess.Popen[bytes]"] = field(default_factory=list)

    @property
    def var(self) -> Path:
        return self.home / "var"

    def start(self, **extra: str) -> "subprocess.Popen[bytes]":
        known = {name: value for name, value in os.environ.items() if name not in ENVIRONMENT}
        ours = {"TROTH_VAR": str(self.var), "TROTH_SITE": str(self.home / "site"), "TROTH_PORT": str(self.port)}
        with self.log(len(self.started)).open("wb") as log:
            process = subprocess.Popen(
                self.command,
                cwd=self.home,
                start_new_session=True,
                stdout=log,
                stderr=log,
                env={**known, **ours, **extra},
            )
        self.started.append(process)
        return process

    def log(self, number: int) -> Path:
        return self.home / f"said-{number}.txt"

    def said(self, process: "subprocess.Popen[bytes]") -> str:
        return self.log(self.started.index(process)).read_text()

    def ended(self, process: "subprocess.Popen[bytes]") -> str:
        """What the process said in all, once it has ended."""
        process.wait(timeout=40)
        return self.said(process)

    def until_answers(self, process: "subprocess.Popen[bytes]") -> float:
        """Seconds until the site says that it can be visited."""
        began = time.monotonic()
        while "Stop with Ctrl-C" not in self.said(process):
            if process.poll() is not None or time.monotonic() - began > _FIRST_START_SECONDS:
                pytest.fail(f"troth run does not answer: {self.said(process)}")
            time.sleep(0.02)
        assert answers(self.port)
        return time.monotonic() - began

    def process_of(self, command: str) -> int:
        """The process of this folder whose command line has these words, waited for if it is being started again."""
        deadline = time.monotonic() + _PROCESS_IS_BACK_WITHIN_SECONDS
        while not (found := process_of(self, command)):
            assert time.monotonic() < deadline, f"no process {command}"
            time.sleep(0.05)
        return found

    def left_running(self) -> list[str]:
        """Command lines of processes that belong to this folder: by their data folder or their variables."""
        mark = str(self.var).encode()
        found = []
        for process in Path("/proc").glob("[0-9]*"):
            try:
                said = (process / "environ").read_bytes() + (process / "cmdline").read_bytes()
                state = (process / "stat").read_text().rsplit(")", 1)[1].split()[0]
            except OSError:
                continue
            if mark in said and state != "Z":
                found.append((process / "cmdline").read_bytes().replace(b"\0", b" ").decode())
        return found

    def await_nothing_left(self, *, within_seconds: float) -> None:
        deadline = time.monotonic() + within_seconds
        while self.left_running() and time.monotonic() < deadline:
            time.sleep(0.05)
        assert self.left_running() == []


def answers(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://localhost:{port}/readyz", timeout=5) as response:
            return bool(response.status == 200)
    except OSError:
        return False


def process_of(installation: Installation, command: str) -> int:
    """The process of this folder whose command line has these words and whose parent's has not, or 0.

    A worker has its parent's command line; its number can be the smaller one, because numbers begin again."""
    mark, words = str(installation.var).encode(), command.encode()
    parents: dict[int, int] = {}
    for process in Path("/proc").glob("[0-9]*"):
        try:
            said, line = (process / "environ").read_bytes(), (process / "cmdline").read_bytes().replace(b"\0", b" ")
            if words in line and mark in said + line:
                parents[int(process.name)] = _parent_of(process)
        except OSError:
            continue
    return next((process for process, parent in parents.items() if parent not in parents), 0)


def _parent_of(process: Path) -> int:
    return int((process / "stat").read_text().rsplit(")", 1)[1].split()[1])


def page_is_whole(port: int) -> bool:
    """Whether a page that needs the database is served."""
    try:
        with urllib.request.urlopen(f"http://localhost:{port}/policy", timeout=5) as response:
            return bool(response.status == 200)
    except OSError:
        return False


@contextmanager
def _folder() -> Iterator[Installation]:
    """An empty one; whatever was started in it has ended after the block."""
    home = Path(tempfile.mkdtemp(prefix="troth-run-"))
    home.chmod(0o755)  # pytest's own folders are closed to the server's user, and data would go to /var/lib
    made = Installation(home, free_port())
    yield made
    for process in made.started:
        if process.poll() is None:
            process.send_signal(signal.SIGINT)
        process.wait(timeout=40)
    shutil.rmtree(home)


@contextmanager
def copied(former: Installation) -> Iterator[Installation]:
    """What a site that was stopped left behind, in a folder of its own: with owners and rights as they were."""
    with _folder() as made:
        subprocess.run(["cp", "-a", former.var, former.home / "site", made.home], check=True)
        yield made


@pytest.fixture
def installation() -> Iterator[Installation]:
    """A new site that was never started."""
    with _folder() as made:
        catalog.new(made.home / "site", organization="Acme", today=date(2026, 1, 1))
        yield made


@pytest.fixture(scope="session")
def former() -> Iterator[Installation]:
    """A site that was started from nothing, answered, and was stopped by Ctrl-C: never started again in its folder."""
    with _folder() as made:
        catalog.new(made.home / "site", organization="Acme", today=date(2026, 1, 1))
        process = made.start()
        made.until_answers(process)
        os.killpg(process.pid, signal.SIGINT)
        made.ended(process)
        yield made


@pytest.fixture
def lived_in(former: Installation) -> Iterator[Installation]:
    """A copy of the folder of the former site."""
    with copied(former) as made:
        yield made
