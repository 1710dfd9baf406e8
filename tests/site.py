"""The reference site, opened: its policy adopted, so that forms, letters and the ledger run on it.

Adopting compiles the law in the database, which takes longer than most tests: it is done once, and its rows are copied
aside. Each further test gets them back from there.
"""

from typing import TYPE_CHECKING, Any

import pytest
from tests.visits import SITE

if TYPE_CHECKING:
    from troth.policy import Policy

_ASIDE = "adopted_aside"


@pytest.fixture
def site(owner: Any, superuser: Any) -> "Policy":
    """The reference policy in force. Everything is committed, and emptied after the test."""
    from troth.records import versions

    with superuser.transaction():
        kept = superuser.execute("select to_regnamespace(%s)", [_ASIDE]).fetchone()[0]
        if kept:
            _bring_back(superuser)
    if not kept:
        _adopt_and_copy(owner)
    return versions.policy()


def _adopt_and_copy(owner: Any) -> None:
    from django.db import connections

    from troth.records import versions

    versions.adopt((SITE / "policy.md").read_text(encoding="utf-8"), by="staff:test", using=connections["owner"])
    with owner.transaction():
        owner.execute(f"create schema {_ASIDE}")
        for table in _tables(owner, "public"):
            if owner.execute(f"select exists (select from public.{table})").fetchone()[0]:
                owner.execute(f"create table {_ASIDE}.{table} as table public.{table}")


def _bring_back(superuser: Any) -> None:
    superuser.execute("set local session_replication_role = replica")
    for table in _tables(superuser, _ASIDE):
        superuser.execute(f"insert into public.{table} select * from {_ASIDE}.{table}")
    superuser.execute("select setval('person_ordinal', (select max(ordinal) from person))")


def _tables(superuser: Any, schema: str) -> list[str]:
    found = superuser.execute(
        "select quote_ident(tablename) from pg_tables where schemaname = %s and tablename <> all (%s)",
        [schema, ["django_migrations", "django_content_type", "auth_permission"]],
    ).fetchall()
    return [name for (name,) in found]
