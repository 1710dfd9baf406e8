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
_MOVED = (
    ("standing", "opted_out", "boolean"),
    ("entry", "section", "text"),
    ("datum", "way", "text"),
    ("choice", "way", "text"),
    ("request_case", "manner", "text"),
    ("letter", "purpose", "text"),
    ("law_purpose", "marketing", "boolean"),
    ("policy_version", "adopted_by", "text"),
)
"""Columns that come last: a database may have come to its columns by another way than this release's migrations."""


@dataclass(frozen=True)
class Restored:
    """What a test knows of it: the invented people, and how each role reaches the database."""

    facts: dict[str, Any]
    environ: dict[str, str]


@pytest.fixture(scope="module")
def ready(cluster: database.Cluster, tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[Path, Path]]:
    """Milestones that a test of this module brought up to date → a copy of their files; their database is a template."""
    kept: dict[Path, Path] = {}
    yield kept
    for folder in kept:
        drop(cluster, _template(folder))


@pytest.fixture(params=MILESTONES, ids=lambda folder: folder.name)
def current(
    request: Any,
    ready: dict[Path, Path],
    cluster: database.Cluster,
    transactional_db: None,
    settings: Any,
    tmp_path: Path,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Restored]:
    """A milestone's site, brought up to date as before a site opens: once for the tests of a module.

    Django's connections lead there as long as the test lasts."""
    folder: Path = request.param
    if folder in ready:
        shutil.copytree(ready[folder], tmp_path, dirs_exist_ok=True)
        _copy(cluster, _template(folder), _NAME)
    else:
        _put_back(folder, tmp_path)
        _restore(cluster, folder)
        _move_columns(cluster)
    with _standing(folder, tmp_path, cluster, settings) as site:
        settings.TROTH_JOURNAL_FILE = tmp_path / "journal" / "acts"
        settings.TROTH_CHECKPOINT_FILE = tmp_path / "ledger" / "checkpoints"
        if folder not in ready:
            bring_up_to_date(settings)
            ready[folder] = shutil.copytree(tmp_path, tmp_path_factory.mktemp("ready") / "var")
            _copy(cluster, _NAME, _template(folder))
        yield site


def bring_up_to_date(settings: Any) -> None:
    """As `troth run` does before the site opens."""
    from troth import prepare  # this file is read before Django is set up

    settings.TROTH_DEMO = False  # no people of the demonstration beside those of the milestone
    prepare.prepare(say=lambda _: None)
    settings.TROTH_DEMO = True


@contextmanager
def _standing(folder: Path, home: Path, cluster: database.Cluster, settings: Any) -> Iterator[Restored]:
    settings.TROTH_MASTER_KEY_FILE = home / "master.key"
    settings.TROTH_LEDGER_KEY_FILE = home / "ledger.key"
    settings.TROTH_VAR = home
    settings.TROTH_FILES = home / "files"
    with connected_to(_NAME):
        yield Restored(json.loads((folder / "facts.json").read_text()), _environ(cluster, home))
    drop(cluster, _NAME)


def _template(folder: Path) -> str:
    return f"{_NAME}_{MILESTONES.index(folder)}"


def _copy(cluster: database.Cluster, source: str, name: str) -> None:
    """Nobody may be connected to what is copied; what is granted on a database itself is granted on the copy again."""
    from django.db import connections

    connections.close_all()
    drop(cluster, name)
    with _as_superuser(cluster) as connection:
        connection.execute("select pg_terminate_backend(pid, 5000) from pg_stat_activity where datname = %s", [source])
        connection.execute(f"create database {name} template {source} owner {database.OWNER}".encode())
    cluster.create_database(name)


def _put_back(folder: Path, home: Path) -> Path:
    (home / "ledger").mkdir()
    shutil.copy(folder / "checkpoints", home / "ledger" / "checkpoints")
    for name in ("master.key", "ledger.key", "ledger.pub"):
        shutil.copy(folder / name, home / name)
    return home


def _restore(cluster: database.Cluster, folder: Path) -> None:
    drop(cluster, _NAME)
    cluster.create_database(_NAME)
    with psycopg.connect(cluster.url(role=database.SUPERUSER, name=_NAME)) as connection:
        connection.execute(gzip.decompress((folder / "dump.sql.gz").read_bytes()))


def _move_columns(cluster: database.Cluster) -> None:
    with psycopg.connect(cluster.url(role=database.SUPERUSER, name=_NAME)) as superuser:
        for table, column, type_ in _MOVED:
            for statement in (
                f"alter table {table} rename column {column} to former",
                f"alter table {table} add column {column} {type_}",
                f"update {table} set {column} = former",
                f"alter table {table} drop column former, alter column {column} set not null",
            ):
                superuser.execute(statement.encode())


def drop(cluster: database.Cluster, name: str) -> None:
    with _as_superuser(cluster) as connection:
        connection.execute(f"drop database if exists {name} with (force)".encode())


def _as_superuser(cluster: database.Cluster) -> "psycopg.Connection[tuple[Any, ...]]":
    return psycopg.connect(cluster.url(role=database.SUPERUSER, name="postgres"), autocommit=True)


@contextmanager
def connected_to(name: str) -> Iterator[None]:
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
