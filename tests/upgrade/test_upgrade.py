"""Migrations that were released stay as they were, and work on a database that came to its columns by another way."""

import shutil
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.db import connection
from tests.upgrade import hashes
from tests.upgrade.conftest import Restored, bring_up_to_date
from tests.upgrade.walking import walk

from troth import database


def test_no_migration_of_a_release_was_edited_or_removed() -> None:
    assert len(hashes.released()) >= 12
    assert hashes.changed() == []


def test_a_released_migration_that_was_edited_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shutil.copytree(hashes.FOLDER, tmp_path / "migrations")
    with (tmp_path / "migrations" / "0001_initial.py").open("a") as file:
        file.write("# harmless?\n")
    (tmp_path / "migrations" / "0012_agents.py").unlink()
    monkeypatch.setattr(hashes, "FOLDER", tmp_path / "migrations")
    assert hashes.changed() == ["0001_initial.py", "0012_agents.py"]


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


def test_columns_in_another_order_change_nothing(
    restored: Restored, settings: Any, cluster: database.Cluster, run_jobs: Any
) -> None:
    """A database may have come to its columns by another way than this release's migrations."""
    with psycopg.connect(cluster.url(role=database.SUPERUSER, name=connection.settings_dict["NAME"])) as superuser:
        for table, column, type_ in _MOVED:
            _move_last(superuser, table, column, type_)
    bring_up_to_date(settings)
    walk(restored, run_jobs)


def _move_last(superuser: Any, table: str, column: str, type_: str) -> None:
    for statement in (
        f"alter table {table} rename column {column} to former",
        f"alter table {table} add column {column} {type_}",
        f"update {table} set {column} = former",
        f"alter table {table} drop column former, alter column {column} set not null",
    ):
        superuser.execute(statement)
