"""The tables of a new database, made at once as the migrations up to release 0042 leave them.

Django makes all models again for every step of every migration, which took most of a first start. What comes later is
migrated as everywhere. `python -m tests.upgrade.tables` writes the file, and tests/upgrade compares it with them.
"""

from pathlib import Path
from typing import Any

FILE = Path(__file__).parent.parent / "migrations" / "tables.sql"


def begin(cursor: Any) -> None:
    """Nothing for a database that has tables. In the caller's transaction."""
    cursor.execute("select exists (select from pg_tables where schemaname = 'public')")
    if cursor.fetchone() == (True,):
        return
    cursor.execute("set local check_function_bodies = off")
    cursor.execute(FILE.read_text(encoding="utf-8"))
