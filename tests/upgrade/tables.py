"""The file by which a new database gets its tables: `python -m tests.upgrade.tables` writes it from the migrations.

It need not be written for each new migration: those that it lacks are applied after it.
"""

import re
import subprocess

from troth import database
from troth.records.tables import FILE

_NAME = "troth_by_migrations"
_LEFT_OUT = re.compile(r"^(--.*|\\.*|SET .*|SELECT pg_catalog\.set_config.*)?\n", re.MULTILINE)
"""Comments, commands of psql, and settings that a server of another version lacks."""
_NUMBERED = re.compile(r"^.*public\.(auth_permission|django_content_type)(_id_seq'| VALUES).*\n", re.MULTILINE)
"""Rows that Django makes anew after every migration, numbered in the order in which it comes to them."""
_APPLIED = re.compile(r"(INSERT INTO public\.django_migrations .*, )'[^']+'(\);)")


def dump(cluster: database.Cluster, name: str) -> str:
    """Tables, functions and rows of a database as statements, of nobody in particular and of no moment."""
    command = [str(cluster.binaries / "pg_dump"), "--no-owner", "--no-privileges", "--inserts", "--schema=public"]
    done = subprocess.run(
        [*command, cluster.url(role=database.SUPERUSER, name=name)], capture_output=True, text=True, check=True
    )
    said = _LEFT_OUT.sub("", done.stdout)
    said = re.sub(r"^CREATE SCHEMA public;\n|^COMMENT ON SCHEMA .*\n", "", said, flags=re.MULTILINE)
    return _APPLIED.sub(r"\1now()\2", _NUMBERED.sub("", said))


def migrated(cluster: database.Cluster, *, begun: bool) -> str:
    """What an empty database comes to.   Takes  begun: whether it gets its tables from the file first"""
    from django.core.management import call_command
    from tests.upgrade.conftest import connected_to, drop

    from troth.gate import owner

    drop(cluster, _NAME)
    cluster.create_database(_NAME)
    with connected_to(_NAME):
        if begun:
            owner.begin_tables()
        call_command("migrate", database="owner", verbosity=0, interactive=False)
    found = dump(cluster, _NAME)
    drop(cluster, _NAME)
    return found


def _write() -> None:
    import django
    from tests import surroundings

    surroundings.begin()
    django.setup()
    cluster = surroundings.cluster()
    cluster.prepare()
    process = cluster.start()
    try:
        FILE.write_text(migrated(cluster, begun=False), encoding="utf-8")
    finally:
        cluster.stop(process)
        surroundings.end()


if __name__ == "__main__":
    _write()
