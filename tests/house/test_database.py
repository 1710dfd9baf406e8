"""The roles: the application connects as itself, and may not become more."""

from collections.abc import Callable

import psycopg
from django.db import connection


def test_application_connects_under_its_own_role(db: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "select current_user, pg_has_role('troth_owner', 'member'), rolsuper or rolcreaterole or rolcreatedb"
            " from pg_roles where rolname = current_user"
        )
        assert cursor.fetchone() == ("troth_app", False, False)


def test_owner_connects_as_owner_and_is_no_superuser(owner: "psycopg.Connection[tuple[object, ...]]") -> None:
    row = owner.execute("select current_user, rolsuper from pg_roles where rolname = current_user").fetchone()
    assert row == ("troth_owner", False)


def test_jobs_are_run_until_none_is_left(run_jobs: Callable[[], None]) -> None:
    run_jobs()
