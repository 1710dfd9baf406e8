"""The tables of a new database, made at once as the migrations leave them, and which migrations another one lacks.

Django makes all models again for every step of every migration, which took most of a first start. What comes later is
migrated as everywhere. `python -m tests.upgrade.tables` writes the file, and tests/upgrade compares it with them.
"""

import pkgutil
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from django.apps import apps
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

FILE = Path(__file__).parent.parent / "migrations" / "tables.sql"
_OURS = "troth"


def begin(cursor: Any) -> None:
    """Nothing for a database that has tables. In the caller's transaction."""
    cursor.execute("select exists (select from pg_tables where schemaname = 'public')")
    if cursor.fetchone() == (True,):
        return
    cursor.execute("set local check_function_bodies = off")
    cursor.execute(FILE.read_text(encoding="utf-8"))


def list_missing(using: BaseDatabaseWrapper) -> list[str]:
    """Migrations of this version that the database has not had, by their files' names: none of them is loaded."""
    had = MigrationRecorder(using).applied_migrations()
    return [
        f"{app.label} {name}"
        for app in apps.get_app_configs()
        for name in _list_migrations(app.label)
        if (app.label, name) not in had
    ]


def list_later(using: BaseDatabaseWrapper) -> list[str]:
    """Our migrations that the database has had and this version doesn't know: a later one was here."""
    had = {name for app, name in MigrationRecorder(using).applied_migrations() if app == _OURS}
    return sorted(had - {*_list_migrations(_OURS)})


def _list_migrations(app: str) -> list[str]:
    module, _ = MigrationLoader.migrations_module(app)
    found = find_spec(module) if module else None
    files = pkgutil.iter_modules(found.submodule_search_locations) if found else ()
    return sorted(file.name for file in files if not file.name.startswith("_"))
