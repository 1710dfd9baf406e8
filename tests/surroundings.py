"""Where the tests run: a folder of their own, with a PostgreSQL server of their own and what a site's variables name.

`begin` makes it before Django reads its settings. Where several processes run the tests, the database is made once, by a
process beside the collecting one, and each of them moves into a copy of the folder.
"""

import importlib
import os
import re
import shutil
import subprocess
import sys
import tempfile
import traceback
from pathlib import Path
from typing import Any

from tests import working

from troth import database, notes, seal

ROOT = Path(__file__).parent.parent
NAME = working.DATABASE
_MEMORY, _ROOM_BYTES = Path("/dev/shm"), 6 << 30
_FAST = (
    "-c",
    "fsync=off",
    "-c",
    "synchronous_commit=off",
    "-c",
    "full_page_writes=off",
    "-c",
    "max_connections=60",
    "-c",
    "jit=off",
)
_here: dict[str, Any] = {}


def begin() -> None:
    """Makes the folder, and sets the variables before Django reads its settings."""
    if os.access(_MEMORY, os.W_OK) and shutil.disk_usage(_MEMORY).free >= _ROOM_BYTES:
        # What this run writes goes with it, so where there is room it is never written to a disk.
        os.environ["TMPDIR"] = tempfile.tempdir = str(_MEMORY)
    home = Path(tempfile.mkdtemp(prefix="troth-test-"))
    home.chmod(0o711)
    user = database.server_user()
    _here["binaries"] = database.reachable(database.find_binaries(os.environ), user=user, home=home)
    _settle(home)
    seal.make_master_key(home / "master.key")
    notes.make_key(home / "ledger.key", name="localhost/ledger")
    os.environ |= {
        "DJANGO_SETTINGS_MODULE": "troth.settings",
        "DJANGO_ALLOW_ASYNC_UNSAFE": "1",  # Playwright keeps an event loop in the main thread
        "TROTH_SITE": str(_site(home / "site")),
        "TROTH_MASTER_KEY_FILE": str(home / "master.key"),
        "TROTH_LEDGER_KEY_FILE": str(home / "ledger.key"),
        "TROTH_DEMO": "1",
        "TROTH_BASE_URL": "http://localhost:8000",
    }


def _settle(home: Path) -> None:
    made = database.Cluster(
        binaries=_here["binaries"],
        data=home / "data",
        sockets=home / "s",
        log=home / "postgres.log",
        user=database.server_user(),
        options=_FAST,
    )
    _here.update(home=home, cluster=made)
    os.environ |= {
        "DATABASE_URL": made.url(role=database.APPLICATION, name=NAME),
        "TROTH_OWNER_URL": made.url(role=database.OWNER, name=NAME),
        "TROTH_SEALER_URL": made.url(role=database.SEALER, name=NAME),
        "TROTH_VAR": str(home / "var"),
    }


def home() -> Path:
    found: Path = _here["home"]
    return found


def cluster() -> database.Cluster:
    found: database.Cluster = _here["cluster"]
    return found


def superuser_url() -> str:
    return cluster().url(role=database.SUPERUSER, name=NAME)


def end() -> None:
    shutil.rmtree(home(), ignore_errors=True)


def is_ready() -> bool:
    """Whether the database is a copy of one that was made before."""
    return "number" in _here


def make_database() -> None:
    """Creates and migrates the running server's database as the owner."""
    from troth import prepare

    cluster().create_database(NAME)
    prepare.migrate()


def make_ahead() -> int:
    """Begins to make the database in a process of its own, whose id it gives. `await_ahead` waits for it."""
    process = os.fork()
    if process:
        return process
    failed = 1
    try:
        cluster().prepare()
        server = cluster().start()
        try:
            make_database()
            _set_policy_aside()
        finally:
            cluster().stop(server)
        failed = 0
    except BaseException:
        (home() / "ahead.log").write_text(traceback.format_exc())
    finally:
        os._exit(failed)


def await_ahead(process: int) -> None:
    if os.waitpid(process, 0)[1]:
        raise RuntimeError((home() / "ahead.log").read_text())


def move(number: int) -> None:
    """Into a copy, as one of several processes: the keys and the site are the same for all, and never written."""
    former, new = home(), home() / f"worker-{number}"
    new.mkdir(mode=0o711)
    subprocess.run(["cp", "-a", former / "data", new / "data"], check=True)
    _here["number"] = number
    _settle(new)
    _read_settings_again()


def _read_settings_again() -> None:
    from django.conf import settings
    from django.db import connections

    read = importlib.reload(sys.modules["troth.settings"])
    for name in filter(str.isupper, dir(read)):
        if name != "DATABASES" and getattr(settings, name) != getattr(read, name):
            setattr(settings, name, getattr(read, name))
    for alias, made in read.DATABASES.items():
        connections.settings[alias].update(HOST=made["HOST"])


def _set_policy_aside() -> None:
    """The reference policy, which nearly every file of tests needs in force."""
    from django.db import connections
    from tests import housekeeping, site

    housekeeping.begin(superuser_url())
    site.put_in_force(site.REFERENCE)
    housekeeping.empty(but="")
    housekeeping.end()
    connections.close_all()


def _site(folder: Path) -> Path:
    """The reference site as one that begins today: its policy of today is its first version."""
    shutil.copytree(ROOT / "examples" / "optiproerp", folder, ignore=shutil.ignore_patterns("versions"))
    text = (folder / "policy.md").read_text(encoding="utf-8")
    first = re.sub(r"^version: \d+\neffective: [\d-]+$", "version: 1\neffective: 2026-11-01", text, count=1, flags=re.M)
    (folder / "policy.md").write_text(first, encoding="utf-8")
    german = (folder / "policy.de.md").read_text(encoding="utf-8")
    (folder / "policy.de.md").write_text(re.sub(r"^version: \d+$", "version: 1", german, flags=re.M), encoding="utf-8")
    return folder
