"""A PostgreSQL server of this run alone: real roles, fsync on, settings as in production; gone afterwards.

with surroundings() as cluster:
    from django.db import connection     # the application's role; connections["owner"] is the owner's
"""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg

from troth import database, garbage, seal

ROOT = Path(__file__).parent.parent
SITE = ROOT / "examples" / "optiproerp"
NAME = "troth_bench"
SETTINGS = {
    "shared_buffers": "1GB",
    "max_wal_size": "8GB",
    "max_connections": "120",
    "work_mem": "64MB",
    "maintenance_work_mem": "256MB",
}
"""Beside them PostgreSQL's own defaults: fsync, synchronous_commit, full_page_writes and autovacuum are on."""


@contextmanager
def surroundings() -> Iterator[database.Cluster]:
    """The running server with the program's tables and functions; Django is set up and connected to it."""
    home = Path(tempfile.mkdtemp(prefix="troth-bench-"))
    try:
        cluster = _cluster(home)
        _environment(cluster, home)
        cluster.prepare()
        process = cluster.start()
        try:
            _tables(cluster)
            yield cluster
        finally:
            _close()
            cluster.stop(process)
    finally:
        shutil.rmtree(home, ignore_errors=True)


def description(cluster: database.Cluster) -> dict[str, Any]:
    """What the database is: version and what was set."""
    with superuser(cluster) as connection:
        row = connection.execute("select current_setting('server_version')").fetchone()
    return {"postgresql": row[0] if row else "", "settings": SETTINGS}


def superuser(cluster: database.Cluster) -> "psycopg.Connection[tuple[Any, ...]]":
    return psycopg.connect(cluster.url(role=database.SUPERUSER, name=NAME), autocommit=True)


def owner(cluster: database.Cluster) -> "psycopg.Connection[tuple[Any, ...]]":
    return psycopg.connect(cluster.url(role=database.OWNER, name=NAME), autocommit=True)


def _cluster(home: Path) -> database.Cluster:
    home.chmod(0o711)
    user = database.server_user()
    return database.Cluster(
        binaries=database.reachable(database.find_binaries(os.environ), user=user, home=home),
        data=home / "data",
        sockets=home / "s",
        log=home / "postgres.log",
        user=user,
        options=tuple(word for name, value in SETTINGS.items() for word in ("-c", f"{name}={value}")),
    )


def _environment(cluster: database.Cluster, home: Path) -> None:
    key = home / "master.key"
    seal.make_master_key(key)
    os.environ |= {
        "DJANGO_SETTINGS_MODULE": "troth.settings",
        "DATABASE_URL": cluster.url(role=database.APPLICATION, name=NAME),
        "TROTH_OWNER_URL": cluster.url(role=database.OWNER, name=NAME),
        "TROTH_VAR": str(home / "var"),
        "TROTH_SITE": str(SITE),
        "TROTH_MASTER_KEY_FILE": str(key),
    }


def _tables(cluster: database.Cluster) -> None:
    import django

    cluster.create_database(NAME)
    with superuser(cluster) as connection:
        connection.execute(f"grant create on database {NAME} to {database.OWNER}")
    with garbage.loading():  # as in each process of the site
        django.setup()
    from troth import prepare

    prepare.migrate()
    with owner(cluster) as connection:
        connection.execute("create schema bench; grant usage on schema bench to public")


def _close() -> None:
    from django.db import connections

    connections.close_all()
