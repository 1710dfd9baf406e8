"""Started and stopped for real, leaving nothing behind: on a database of one's own, and as somebody who is not root."""

import os
import pwd
import shutil
import signal
import tempfile
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from tests.installations import Installation, answers, installation, page_is_whole
from tests.mail import free_port
from tests.test_apart import as_root

from troth import apart, catalog, database

__all__ = ["installation"]


@pytest.fixture
def server() -> Iterator[database.Cluster]:
    """A PostgreSQL that is not ours to start or stop, with our roles and an empty database."""
    home = Path(tempfile.mkdtemp(prefix="troth-own-"))
    home.chmod(0o755)
    user = database.server_user()
    binaries = database.reachable(database.find_binaries(os.environ), user=user, home=home)
    options = ("-c", "fsync=off", "-c", "max_connections=40")
    own = database.Cluster(binaries, home / "data", home / "s", home / "postgres.log", user, options)
    own.prepare()
    process = own.start()
    own.create_database()
    yield own
    assert process.poll() is None, "the site ended a server that is not its own"
    own.stop(process)
    shutil.rmtree(home)


def test_on_a_database_of_ones_own(installation: Installation, server: database.Cluster) -> None:
    addresses = {
        "DATABASE_URL": server.url(role=database.APPLICATION),
        "TROTH_OWNER_URL": server.url(role=database.OWNER),
        "TROTH_SEALER_URL": server.url(role=database.SEALER),
    }
    process = installation.start(**addresses)
    installation.until_answers(process)
    assert page_is_whole(installation.port)
    assert installation.process_of("troth seal")
    assert not (installation.var / "postgres").exists()
    process.send_signal(signal.SIGTERM)
    assert "Traceback" not in installation.ended(process)
    assert process.returncode == 0
    installation.await_nothing_left(within_seconds=5)
    assert not answers(installation.port)

    (installation.var / "master.key").rename(installation.home / "safe.key")
    said = installation.ended(installation.start(**addresses))
    assert "There is no master key at" in said, "once something is sealed, a missing key is never replaced"


def test_a_database_of_ones_own_without_its_owner_is_refused(installation: Installation) -> None:
    said = installation.ended(installation.start(DATABASE_URL="postgresql://troth_app@localhost/troth"))
    assert "DATABASE_URL is set, but TROTH_OWNER_URL is not" in said
    assert "Traceback" not in said
    installation.await_nothing_left(within_seconds=5)


@as_root
def test_as_somebody_who_is_not_root() -> None:
    """The server, the pages and the sealer all run as she does, and nothing of hers is readable by others."""
    home = Path(tempfile.mkdtemp(prefix="troth-hers-"))
    shutil.chown(home, "nobody")
    catalog.new(home / "site", organization="Acme", today=date(2026, 1, 1))
    for path in (home / "site").rglob("*"):
        shutil.chown(path, "nobody")
    program = apart._program("nobody", home=home, say=lambda _: None)
    hers = Installation(home, free_port(), command=tuple(program.command("run")))
    process = hers.start(**program.environ({"XDG_RUNTIME_DIR": "", "HOME": str(home), "PYTHONUNBUFFERED": "1"}))
    hers.until_answers(process)
    for command in ("troth web", "troth work", "troth seal", "bin/postgres"):
        owner = Path(f"/proc/{hers.process_of(command)}").stat().st_uid
        assert pwd.getpwuid(owner).pw_name == "nobody", command
    sockets = Path("/tmp") / f"troth-{pwd.getpwnam('nobody').pw_uid}-{database._hash(hers.var)}"
    assert sockets.is_dir()
    process.send_signal(signal.SIGTERM)
    assert "Traceback" not in hers.ended(process)
    hers.await_nothing_left(within_seconds=5)
    assert not sockets.exists()
    shutil.rmtree(home)
