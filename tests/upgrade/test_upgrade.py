"""Migrations that were released stay as they were."""

import shutil
from pathlib import Path

import pytest
from tests.upgrade import hashes


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
