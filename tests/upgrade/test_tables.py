"""A new database gets its tables from a file: it has to be what the migrations make, whichever of them the file knows."""

from pathlib import Path

import pytest
from tests.upgrade import tables

from troth import database
from troth.records.tables import FILE


def test_a_new_database_is_what_the_migrations_make(cluster: database.Cluster, transactional_db: None) -> None:
    """By the migrations themselves, as soon as anything is not what the file was written of."""
    meant = FILE.read_text(encoding="utf-8") if tables.is_as_written() else tables.migrated(cluster, begun=False)
    assert tables.migrated(cluster, begun=True) == meant


def test_an_edited_file_is_compared_with_the_migrations_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    edited = tmp_path / "tables.sql"
    edited.write_text(FILE.read_text(encoding="utf-8") + "-- harmless?\n", encoding="utf-8")
    monkeypatch.setattr(tables, "FILE", edited)
    assert not tables.is_as_written()
