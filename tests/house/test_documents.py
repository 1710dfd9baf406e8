"""Generated pages are current, and the README names the commands that exist."""

import re
import subprocess
import sys
from pathlib import Path

from django.apps import apps

ROOT = Path(__file__).parent.parent.parent


def test_map_of_clauses_is_current() -> None:
    made = subprocess.run([sys.executable, "tools/map.py"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert (ROOT / "docs/map.md").read_text() == made, "Run: make docs"


def test_the_map_shows_every_table_and_what_it_holds() -> None:
    page = (ROOT / "docs/map.md").read_text()
    shown = {
        row[1]: row[2] for row in re.finditer(r"^\| `(\w+)` \| `[\w.]+` \| .* \| (?:yes|no) \| (.+) \|$", page, re.M)
    }
    tables = {model._meta.db_table for model in apps.get_app_config("troth").get_models()}
    assert set(shown) == tables
    assert [table for table, holds in shown.items() if holds == "—"] == []


def test_ci_runs_the_readme_s_test_command_and_nothing_else() -> None:
    commands = re.findall(r"^\s{4}(make \w+)", (ROOT / "README.md").read_text(), re.MULTILINE)
    assert commands == ["make run", "make test"]
    assert (ROOT / ".ci/run").read_text().splitlines()[-1].endswith("exec make test")


def test_readme_fits_one_screen_and_shows_the_pictures_that_a_tool_takes() -> None:
    readme = (ROOT / "README.md").read_text()
    assert len(readme.splitlines()) <= 50
    pictures = re.findall(r"!\[[^\]]+\]\(([^)]+)\)", readme)
    assert sorted(pictures) == sorted(f"docs/pictures/{file.name}" for file in (ROOT / "docs/pictures").iterdir())
    taken = re.findall(r'_shoot\(page, "(\w+)"\)', (ROOT / "tools/pictures.py").read_text())
    assert sorted(pictures) == sorted(f"docs/pictures/{name}.png" for name in taken)


def test_adding_a_room_fits_one_page_and_names_files_that_exist() -> None:
    page = (ROOT / "docs/adding-a-room.md").read_text()
    assert len(page.splitlines()) <= 60
    named = re.findall(r"`((?:troth|desk|tests)/[\w./-]+|test_\w+\.py)`", page)
    places = ("", "src", "src/troth", "tests/house")
    assert len(named) > 5
    assert [name for name in named if not any((ROOT / place / name).exists() for place in places)] == []


def test_every_decision_page_is_numbered_and_says_what_was_chosen_and_why() -> None:
    pages = sorted((ROOT / "docs/decisions").glob("*.md"))
    assert [int(page.name[:4]) for page in pages] == list(range(1, len(pages) + 1))
    for word in ("**Chosen.**", "**Why"):
        assert [page.name for page in pages if word not in page.read_text()] == []


def test_each_kind_of_fault_names_tests_and_pages_that_exist() -> None:
    page = (ROOT / "docs/security.md").read_text()
    tests, pages = re.findall(r"`(tests/[a-z_/]+\.py)`", page), re.findall(r"\]\(([a-z0-9/-]+\.md)\)", page)
    assert len(tests) > 30
    assert [name for name in tests if not (ROOT / name).is_file()] == []
    assert [name for name in pages if not (ROOT / "docs" / name).is_file()] == []
    rows = [line for line in page.splitlines() if line.startswith("| ") and not line.startswith("| class")]
    assert [row for row in rows if "`tests/" not in row.rsplit("|", 2)[1]] == []
