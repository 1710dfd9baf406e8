"""The database's functions of this version, created again after every migration.

Functions are code, not data: the files define all of them, and a function that no file defines is dropped. Only those
that triggers call are replaced in place, for a trigger depends on its own: a migration drops both.
"""

from pathlib import Path
from typing import Any

_PROGRAM = Path(__file__).parent.parent


def apply(cursor: Any) -> None:
    """Creates all functions in each room's folder `sql`, file by file; ours are dropped before, but for triggers' own.

    Runs in the caller's transaction."""
    cursor.execute("set local check_function_bodies = off")  # they call each other across files
    for signature in _signatures(cursor):
        cursor.execute(f"drop routine {signature}")
    for file in _files():
        cursor.execute(file.read_text(encoding="utf-8"))


def _files() -> list[Path]:
    return sorted(_PROGRAM.glob("**/sql/*.sql"))


def _signatures(cursor: Any) -> list[str]:
    cursor.execute(
        "select p.oid::regprocedure::text from pg_proc p where p.pronamespace = 'public'::regnamespace"
        " and p.prokind in ('f', 'p') and p.proowner = (select oid from pg_roles where rolname = current_user)"
        " and p.proname !~ '^procrastinate' and p.prorettype <> 'trigger'::regtype and not exists"
        " (select from pg_depend e where e.objid = p.oid and e.deptype = 'e')"
    )
    return [row[0] for row in cursor.fetchall()]
