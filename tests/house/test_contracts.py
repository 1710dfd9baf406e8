"""The import contracts and banned names hold, and would catch a violation: each is planted in a skeleton."""

import ast
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from tests.house.sources import list_nodes

ROOT = Path(__file__).parent.parent.parent
SRC = ROOT / "src"
BIN = Path(sys.executable).parent

PLANTED = [
    # where, what is planted there, the contract that must name it
    ("policy/meaning.py", "import troth.gate", "Data flows one way"),
    ("records/keeping.py", "import troth.gate", "Data flows one way"),
    ("gate/door.py", "import troth.outbox", "Data flows one way"),
    ("outbox/delivery.py", "import troth.collection", "Data flows one way"),
    ("seal.py", "import troth.records", "Data flows one way"),
    ("database.py", "import troth.policy", "Data flows one way"),
    ("policy/checks.py", "import django", "The policy needs no framework"),
    ("web/errors.py", "import troth.records.models", "Personal data is reached through the gate"),
    ("outbox/actions.py", "import troth.records", "Personal data is reached through the gate"),
    ("security/models.py", "import troth.records.keeping", "Personal data is reached through the gate"),
    ("collection/mailbox/sandbox.py", "import troth.collection.mailbox.parser.signing", "Foreign mail is read in"),
    ("desk/index.py", "import troth.drp.room", "Data flows one way"),
    ("cases/actions.py", "import troth.access.requests.kinds", "Data flows one way"),
    ("web/pages/choices.py", "from troth import gate", "Pages that show the law ask for nobody's data"),
    ("words/promises.py", "import troth.gate", "Pages that show the law ask for nobody's data"),
    ("uses/quotes/actions.py", "import troth.uses.inquiries", "Rooms do not know each other"),
    ("california/answering.py", "import troth.uses.quotes.models", "Rooms do not know each other"),
    ("access/procedures/review.py", "import troth.california.years", "Rooms do not know each other"),
    ("access/profile/actions.py", "import troth.access.preferences.actions", "Rooms of access build on each other"),
    ("access/account/actions.py", "import troth.access.requests.actions", "Rooms of access build on each other"),
    ("drp/jobs.py", "import troth.drp.views", "Inside a room: pages over actions over tables"),
    ("california/jobs.py", "import troth.california.views", "Inside a room: pages over actions over tables"),
    ("access/organization/holding.py", "import troth.access.organization.views", "Inside a room: pages over actions"),
    ("uses/quotes/models.py", "import troth.uses.quotes.views", "Inside a room: pages over actions over tables"),
    ("uses/quotes/actions.py", "import troth.uses.quotes.urls", "Inside a room: pages over actions over tables"),
    ("policy/terms.py", "import troth.policy.changes", "No cycles anywhere"),
    ("uses/quotes/jobs.py", "import troth.records.ledger", "Uses and procedures receive data, they never fetch it"),
    ("access/procedures/incident.py", "import troth.records", "Uses and procedures receive data, they never fetch it"),
]

NEW = [
    # a room that no contract knows, the contract that must name it
    ("newroom", "Data flows one way"),
    ("access/lost", "Rooms of access build on each other"),
]

BANNED = [
    # where, what is planted there
    ("uses/quotes/actions.py", "from django.core.mail import send_mail"),
    ("access/views.py", "from django.db import connection"),
    ("uses/inquiries/actions.py", "from django.db import connections"),
    ("security/models.py", "from django.apps import apps"),
    ("web/urls.py", "from django.contrib import admin"),
]


@pytest.fixture(scope="module")
def skeleton(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The tree with its own imports and nothing else, and the project's rules."""
    root = tmp_path_factory.mktemp("skeleton")
    for module in SRC.glob("troth/**/*.py"):
        copy = root / "src" / module.relative_to(SRC)
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.write_text(_imports(module))
    shutil.copy(ROOT / "pyproject.toml", root)
    return root


def _imports(module: Path) -> str:
    """Of the planted pair one end is often real: `terms` under `changes`, so the real imports stay."""
    kept = [node for node in list_nodes(module.read_text()) if isinstance(node, ast.Import | ast.ImportFrom)]
    return "\n".join(ast.unparse(node) for node in kept if "__future__" not in ast.unparse(node)) + "\n"


def lint_imports(root: Path) -> str:
    done = subprocess.run(
        [BIN / "lint-imports", "--config", "pyproject.toml", "--no-cache"],
        cwd=root,
        env={"PYTHONPATH": str(root / "src"), "PATH": "/usr/bin:/bin", "COLUMNS": "200"},
        capture_output=True,
        text=True,
    )
    return done.stdout + done.stderr


def test_contracts_hold() -> None:
    said = lint_imports(ROOT)
    assert " 0 broken" in said, said


@pytest.fixture(scope="module")
def said_of_all(skeleton: Path) -> dict[str, str]:
    """What each contract says of the skeleton in which everything is planted: a run for each took 14 s of the suite."""
    root = skeleton.parent / "planted"
    shutil.copytree(skeleton, root)
    for place, planted, _contract in PLANTED:
        module = root / "src" / "troth" / place
        module.write_text(f"{module.read_text()}{planted}\n")
    _results, *parts = re.split(r"^(.+)\n-{5,}\n", lint_imports(root).partition("Broken contracts")[2], flags=re.M)
    return dict(zip(parts[::2], parts[1::2], strict=True))


@pytest.mark.parametrize(("place", "planted", "contract"), PLANTED)
def test_planted_import_is_caught(said_of_all: dict[str, str], place: str, planted: str, contract: str) -> None:
    importer, imported = place.removesuffix(".py").replace("/", "."), ".".join(planted.removeprefix("from ").split())
    imported = imported.replace(".import.", ".").removeprefix("import.")
    (said,) = (said for name, said in said_of_all.items() if name.startswith(contract))
    siblings = f"- .{importer.rpartition('.')[2]} -> .{imported.rpartition('.')[2]} (1 import)"
    assert f" troth.{importer} -> {imported} (l." in said or (contract == "No cycles anywhere" and siblings in said), (
        said
    )


@pytest.mark.parametrize(("folder", "contract"), NEW)
def test_a_room_without_a_place_in_a_contract_is_caught(skeleton: Path, folder: str, contract: str) -> None:
    room = skeleton / "src" / "troth" / folder
    room.mkdir()
    (room / "__init__.py").write_text("")
    try:
        said = lint_imports(skeleton)
    finally:
        shutil.rmtree(room)
    assert room.name in said, said
    assert contract in said


def banned(root: Path, place: str) -> str:
    done = subprocess.run(
        [BIN / "ruff", "check", "--no-cache", "--select", "TID251", f"src/troth/{place}"],
        cwd=root,
        capture_output=True,
        text=True,
    )
    return done.stdout


@pytest.mark.parametrize(("place", "planted"), BANNED)
def test_planted_banned_name_is_caught(tmp_path: Path, place: str, planted: str) -> None:
    module = tmp_path / "src" / "troth" / place
    module.parent.mkdir(parents=True)
    module.write_text(planted + "\n")
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    assert "TID251" in banned(tmp_path, place)


def test_sql_and_mail_stay_in_their_rooms(tmp_path: Path) -> None:
    assert (SRC / "troth" / "gate").is_dir()
    assert banned(ROOT, "") == "All checks passed!\n"
