"""The file by which a new database gets its tables: `python -m tests.upgrade.tables` writes it from the migrations.

It need not be written for each new migration: those that it lacks are applied after it.

Making all tables by the migrations takes ten times as long as by the file, and gives the same from the same. So where the
file was written, `tables.sha256` says of what: as long as none of it is another, the file is what the migrations make.
"""

import hashlib
import re
import subprocess
from pathlib import Path

from troth import database
from troth.records.tables import FILE

WRITTEN_OF = Path(__file__).parent / "tables.sha256"
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


def is_as_written() -> bool:
    """Whether the file and all that it was written of are what they were then."""
    return WRITTEN_OF.read_text() == digest()


def digest() -> str:
    """Of the file, the migrations of all apps, and the framework that runs them."""
    import django
    from django.apps import apps

    found = hashlib.sha256(django.__version__.encode() + FILE.read_bytes())
    for app in apps.get_app_configs():
        for migration in sorted(Path(app.path, "migrations").glob("[0-9]*.py")):
            found.update(f"{app.label} {migration.name}".encode() + migration.read_bytes())
    return f"{found.hexdigest()}\n"


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
        WRITTEN_OF.write_text(digest())
    finally:
        cluster.stop(process)
        surroundings.end()


if __name__ == "__main__":
    _write()
