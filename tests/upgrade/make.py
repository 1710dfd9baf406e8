"""The dump of a milestone: `python -m tests.upgrade.make NAME` writes tests/upgrade/milestones/NAME/.

    dump.sql.gz       the whole database as statements, so that any server from 15 on takes it
    master.key …      the keys of its invented people, and the ledger's checkpoint file
    facts.json        what a test needs to know: addresses, passwords, links, numbers; the commit, the server's version

Made once, when a milestone is closed, and never again: the code that wrote it is gone by then. The clock of program and
server stands at 2026-11-02 for it (Debian's `faketime`), so that no machine's clock is behind what was signed.
"""

import dataclasses
import gzip
import json
import os
import shutil
import subprocess
import sys
import tempfile
import threading
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psycopg
import time_machine

from troth import database, notes, seal

_MILESTONES = Path(__file__).parent / "milestones"
_FAKETIME = "/usr/lib/*/faketime/libfaketime.so.1"
_AT_UTC = datetime(2026, 11, 2, 17, tzinfo=UTC)
_NAME = "troth"
_NOT_EVERYWHERE = ("SET transaction_timeout", "\\restrict", "\\unrestrict")
"""Lines of newer servers' dumps that older ones do not know; nothing of ours needs them."""


def make(name: str) -> Path:
    """The folder of the new milestone. Refuses one that exists."""
    folder = _MILESTONES / name
    if folder.exists():
        sys.exit(f"{folder} exists; a milestone is made once.")
    with tempfile.TemporaryDirectory(prefix="troth-milestone-") as home:
        _make(folder, Path(home))
    return folder


def _make(folder: Path, home: Path) -> None:
    home.chmod(0o711)
    cluster = _cluster(home)
    cluster.prepare()
    server = _at_its_time(cluster, home).start()
    try:
        cluster.create_database(_NAME)
        with time_machine.travel(_AT_UTC, tick=True):
            facts = _populate(cluster, home)
        folder.mkdir(parents=True)
        dump = _without(_NOT_EVERYWHERE, _dumped(cluster))
        (folder / "dump.sql.gz").write_bytes(gzip.compress(dump.encode(), 9, mtime=0))
    finally:
        cluster.stop(server)
    for file in ("master.key", "ledger.key", "ledger.pub", "var/ledger/checkpoints"):
        shutil.copy(home / file, folder)
    facts |= {"commit": _commit(), "postgres": database.major(cluster.binaries), "made": f"{_AT_UTC:%Y-%m-%d}"}
    (folder / "facts.json").write_text(json.dumps(facts, indent=2, ensure_ascii=False) + "\n")


def _cluster(home: Path) -> database.Cluster:
    user = database.server_user()
    binaries = database.reachable(database.find_binaries(os.environ), user=user, home=home)
    return database.Cluster(binaries, home / "data", home / "s", home / "postgres.log", user, ("-c", "fsync=off"))


def _at_its_time(cluster: database.Cluster, home: Path) -> database.Cluster:
    """The same server with the milestone's clock."""
    library = next(Path("/").glob(_FAKETIME.lstrip("/")), None)
    if library is None:
        sys.exit("Install the Debian package faketime first: apt-get install faketime")
    script = home / "at-its-time" / "postgres"
    script.parent.mkdir()
    script.write_text(
        f'#!/bin/sh\nexport LD_PRELOAD={library} FAKETIME="@{_AT_UTC:%Y-%m-%d %H:%M:%S}" DONT_FAKE_MONOTONIC=1 TZ=UTC\n'
        f'exec {cluster.binaries / "postgres"} "$@"\n'
    )
    script.chmod(0o755)
    return dataclasses.replace(cluster, binaries=script.parent)


def _populate(cluster: database.Cluster, home: Path) -> dict[str, Any]:
    seal.make_master_key(home / "master.key")
    notes.make_key(home / "ledger.key", name="localhost/ledger")
    os.environ |= {
        "DJANGO_SETTINGS_MODULE": "troth.settings",
        "DATABASE_URL": cluster.url(role=database.APPLICATION, name=_NAME),
        "TROTH_OWNER_URL": cluster.url(role=database.OWNER, name=_NAME),
        "TROTH_VAR": str(home / "var"),
        "TROTH_SITE": str(Path(__file__).parents[2] / "examples" / "optiproerp"),
        "TROTH_MASTER_KEY_FILE": str(home / "master.key"),
        "TROTH_LEDGER_KEY_FILE": str(home / "ledger.key"),
        "TROTH_DEMO": "1",
        "TROTH_BASE_URL": "http://localhost:8000",
    }
    import django

    django.setup()
    from django.test.utils import setup_test_environment
    from tests.upgrade.world import populate

    from troth import prepare

    setup_test_environment()
    prepare.migrate()
    facts = dict(populate(_run_jobs))
    _seal(cluster, home)
    return facts


def _run_jobs() -> None:
    from django.db import connections

    from troth import work

    def run() -> None:
        try:
            work.run_until_empty()
        finally:
            connections.close_all()

    thread = threading.Thread(target=run)
    thread.start()
    thread.join()


def _seal(cluster: database.Cluster, home: Path) -> None:
    from troth.records.ledger.checkpoints import CheckpointFile
    from troth.records.ledger.sealing import Sealer

    key = home / "ledger.key"
    with psycopg.connect(cluster.url(role=database.SEALER, name=_NAME), autocommit=True) as connection:
        sealer = Sealer.open(
            connection,
            signer=notes.signer_at(key),
            trusted=notes.verifiers_at(notes.public_file(key)),
            file=CheckpointFile(home / "var" / "ledger" / "checkpoints"),
        )
        while sealer.seal(most=60):  # several checkpoints, as a site that was open for a while has
            pass


def _dumped(cluster: database.Cluster) -> str:
    address = cluster.url(role=database.SUPERUSER, name=_NAME)
    command = [cluster.binaries / "pg_dump", "--column-inserts", "--rows-per-insert=50", address]
    return str(subprocess.run(command, capture_output=True, text=True, check=True).stdout)


def _without(beginnings: tuple[str, ...], dump: str) -> str:
    return "".join(line for line in dump.splitlines(keepends=True) if not line.startswith(beginnings))


def _commit() -> str:
    return subprocess.run(["git", "rev-parse", "HEAD"], capture_output=True, text=True, check=True).stdout.strip()


if __name__ == "__main__":
    print(make(*sys.argv[1:]))  # noqa: T201
