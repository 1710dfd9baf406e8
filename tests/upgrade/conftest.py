"""A milestone's database, restored into the tests' server and brought up to date by today's program."""

import gzip
import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
import pytest

from troth import database

MILESTONES = sorted(path for path in (Path(__file__).parent / "milestones").iterdir() if path.is_dir())
_NAME = "troth_milestone"


@dataclass(frozen=True)
class Restored:
    """What a test knows of it: the invented people, and how each role reaches the database."""

    facts: dict[str, Any]
    environ: dict[str, str]


@pytest.fixture(params=MILESTONES, ids=lambda folder: folder.name)
def restored(
    request: Any, cluster: database.Cluster, transactional_db: None, settings: Any, tmp_path: Path
) -> Iterator[Restored]:
    """Django's connections lead there as long as the test lasts."""
    folder: Path = request.param
    home = _put_back(folder, tmp_path)
    _restore(cluster, folder)
    settings.TROTH_MASTER_KEY_FILE = home / "master.key"
    settings.TROTH_LEDGER_KEY_FILE = home / "ledger.key"
    settings.TROTH_VAR = home
    settings.TROTH_FILES = home / "files"
    with _connected_to(_NAME):
        yield Restored(json.loads((folder / "facts.json").read_text()), _environ(cluster, home))
    _drop(cluster)


def _put_back(folder: Path, home: Path) -> Path:
    (home / "ledger").mkdir()
    shutil.copy(folder / "checkpoints", home / "ledger" / "checkpoints")
    for name in ("master.key", "ledger.key", "ledger.pub"):
        shutil.copy(folder / name, home / name)
    return home


def _restore(cluster: database.Cluster, folder: Path) -> None:
    _drop(cluster)
    cluster.create_database(_NAME)
    with psycopg.connect(cluster.url(role=database.SUPERUSER, name=_NAME)) as connection:
        connection.execute(gzip.decompress((folder / "dump.sql.gz").read_bytes()))


def _drop(cluster: database.Cluster) -> None:
    with psycopg.connect(cluster.url(role=database.SUPERUSER, name="postgres"), autocommit=True) as connection:
        connection.execute(f"drop database if exists {_NAME} with (force)".encode())


@contextmanager
def _connected_to(name: str) -> Iterator[None]:
    """Inside it, the application's and the owner's connections lead to another database, in every thread."""
    from django.db import connections

    former = {alias: str(connections.settings[alias]["NAME"]) for alias in ("default", "owner")}
    _lead(dict.fromkeys(former, name))
    try:
        yield
    finally:
        _lead(former)


def _lead(names: dict[str, str]) -> None:
    from django.db import connections

    from troth.gate import facts

    connections.close_all()
    for alias, name in names.items():
        connections.settings[alias]["NAME"] = name
        connections[alias].settings_dict["NAME"] = name
    facts.forget()


def _environ(cluster: database.Cluster, home: Path) -> dict[str, str]:
    """For commands of ours."""
    return {
        "DATABASE_URL": cluster.url(role=database.APPLICATION, name=_NAME),
        "TROTH_OWNER_URL": cluster.url(role=database.OWNER, name=_NAME),
        "TROTH_SEALER_URL": cluster.url(role=database.SEALER, name=_NAME),
        "TROTH_VAR": str(home),
        "TROTH_MASTER_KEY_FILE": str(home / "master.key"),
        "TROTH_LEDGER_KEY_FILE": str(home / "ledger.key"),
    }
