"""Sealer and database are killed (-9) under load, ten times, twenty by `make prove`: nothing acknowledged is lost, no place twice or empty.

On a server of its own that really writes to the disk (fsync), with the sealer as the process that it is.
"""

import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest

from troth import database, notes
from troth.records.ledger.checkpoints import CheckpointFile
from troth.records.ledger.sealing import Sealer
from troth.records.ledger.verifying import Verification

SEALER_KILLS = DATABASE_KILLS = int(os.environ.get("TROTH_KILLS", "3"))
WRITERS = 4
PAUSE_SECONDS = 0.004
"""Between two entries of a writer: hundreds come each second, and the sealer is always in the middle of some."""
_SOON_SECONDS = 30


class Site:
    """A database server, a sealer process, and writers that keep a journal of what was acknowledged to them."""

    def __init__(self, home: Path) -> None:
        user = database.server_user()
        found = database.find_binaries(os.environ)
        self.home = home
        self.cluster = database.Cluster(
            binaries=database.reachable(found, user=user, home=home),
            data=home / "data",
            sockets=home / "s",
            log=home / "postgres.log",
            user=user,
            options=("-c", "shared_buffers=32MB", "-c", "max_connections=30"),
        )
        self.key = home / "ledger.key"
        self.file = CheckpointFile(home / "var" / "ledger" / "checkpoints")
        self.journal: list[UUID] = []
        self.people = [uuid4() for _ in range(20)]
        self.stopped = threading.Event()
        self.threads = [threading.Thread(target=self._write) for _ in range(WRITERS)]
        self.sealer: subprocess.Popen[bytes] | None = None

    def make(self) -> None:
        self.cluster.prepare()
        self.server = self.cluster.start()
        self.cluster.create_database()
        notes.make_key(self.key, name="localhost/ledger")
        subprocess.run([sys.executable, "-m", "troth", "migrate"], env=self._environ(), check=True, capture_output=True)
        with self.connected(database.OWNER) as owner:
            for number, person in enumerate(self.people):
                owner.execute("insert into person values (%s, %s, now())", [person, number])

    def connected(self, role: str) -> "psycopg.Connection[tuple[Any, ...]]":
        return psycopg.connect(self.cluster.url(role=role), autocommit=True)

    def start_sealer(self) -> None:
        self.sealer = subprocess.Popen(
            [sys.executable, "-m", "troth", "seal"], env=self._environ(), start_new_session=True
        )

    def kill_sealer(self) -> None:
        assert self.sealer
        self.sealer.kill()
        self.sealer.wait()

    def kill_database(self) -> None:
        """The server and each of its processes at once, as if the power had gone."""
        processes = [self.server.pid, *_children(self.server.pid)]
        for process in processes:
            with suppress(ProcessLookupError):
                os.kill(process, signal.SIGKILL)
        self.server.wait()
        self.server = self.cluster.start()

    def until_sealed_beyond(self, size: int) -> int:
        """The size of the tree, once it is larger."""
        deadline = time.monotonic() + _SOON_SECONDS
        while time.monotonic() < deadline:
            if (now := self.size()) > size:
                return now
            time.sleep(0.02)
        pytest.fail(f"Nothing was sealed beyond {size} entries within {_SOON_SECONDS} s.")

    def size(self) -> int:
        with self.connected(database.OWNER) as owner:
            row = owner.execute("select coalesce(max(size), 0) from checkpoint").fetchone()
        assert row
        return int(row[0])

    def end(self) -> None:
        self.stopped.set()
        for thread in self.threads:
            if thread.ident:
                thread.join()
        if self.sealer:
            self.kill_sealer()

    def _write(self) -> None:
        chance = random.Random()
        while not self.stopped.is_set():
            with suppress(psycopg.OperationalError), self.connected(database.APPLICATION) as connection:
                while not self.stopped.wait(PAUSE_SECONDS):
                    id = uuid4()
                    connection.execute(
                        "select note(%s, %s, 'signed in', '', 'person', '', null, '{}')",
                        [chance.choice(self.people), id],
                    )
                    self.journal.append(id)
            self.stopped.wait(0.02)

    def _environ(self) -> dict[str, str]:
        return os.environ | {
            "TROTH_VAR": str(self.home / "var"),
            "DATABASE_URL": self.cluster.url(role=database.APPLICATION),
            "TROTH_OWNER_URL": self.cluster.url(role=database.OWNER),
            "TROTH_SEALER_URL": self.cluster.url(role=database.SEALER),
            "TROTH_LEDGER_KEY_FILE": str(self.key),
        }


def _children(parent: int) -> list[int]:
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            if (process / "stat").read_text().rsplit(")", 1)[1].split()[1] == str(parent):
                found.append(int(process.name))
    return found


@pytest.fixture
def kept() -> Iterator[Site]:
    home = Path(tempfile.mkdtemp(prefix="troth-fault-"))
    home.chmod(0o711)
    made = Site(home)
    try:
        made.make()
        yield made
    finally:
        made.end()
        made.cluster.stop(made.server)
        shutil.rmtree(home, ignore_errors=True)


def test_kills_under_load_lose_nothing_and_leave_neither_gap_nor_double(kept: Site) -> None:
    chance, began = random.Random(), time.monotonic()
    for thread in kept.threads:
        thread.start()
    size = 0
    for _ in range(SEALER_KILLS):
        kept.start_sealer()
        size = kept.until_sealed_beyond(size)
        time.sleep(chance.random() * 0.5)
        kept.kill_sealer()
    kept.start_sealer()
    for _ in range(DATABASE_KILLS):
        size = kept.until_sealed_beyond(size)
        time.sleep(chance.random() * 0.5)
        kept.kill_database()
    kept.until_sealed_beyond(size)
    kept.end()

    with kept.connected(database.SEALER) as connection:
        keys = notes.verifiers_at(notes.public_file(kept.key))
        Sealer.open(connection, signer=notes.signer_at(kept.key), trusted=keys, file=kept.file).seal_all()
    with psycopg.connect(kept.cluster.url(role=database.OWNER)) as owner:
        ordered = [row[0] for row in owner.execute("select entry_id from leaf_order order by position")]
        places = owner.execute("select min(position), max(position), count(*) from leaf_order").fetchone()
        looked = Verification(owner, keys, kept.file)
        assert [str(finding) for finding in looked.findings()] == []
    assert len(kept.journal) > 100 * (SEALER_KILLS + DATABASE_KILLS)
    assert places == (0, len(ordered) - 1, len(ordered))
    assert len(set(ordered)) == len(ordered)
    assert set(kept.journal) - set(ordered) == set()
    assert looked.waiting == 0
    sys.stdout.write(
        f"{SEALER_KILLS} kills of the sealer, {DATABASE_KILLS} of the database, {len(kept.journal):,} entries "
        f"acknowledged, {len(ordered):,} sealed in {looked.checkpoints} checkpoints, {time.monotonic() - began:.0f} s\n"
    )
