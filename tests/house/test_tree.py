"""Folders mirror the reference policy's headings: a room is there because the policy states what it does."""

import re
from pathlib import Path

import pytest

from troth.policy import Policy
from troth.policy import compile as compile_policy

ROOT = Path(__file__).parent.parent.parent
SRC = ROOT / "src" / "troth"
CHANNELS = {"forms": "form", "sales": "sales", "email": "email", "automatic": "automatic"}


@pytest.fixture(scope="module")
def reference() -> Policy:
    policy = compile_policy((ROOT / "examples/optiproerp/policy.md").read_bytes()).policy
    assert policy is not None
    return policy


def rooms(folder: str) -> list[Path]:
    return sorted(path.parent for path in (SRC / folder).glob("*/__init__.py"))


@pytest.mark.parametrize("room", rooms("uses"), ids=lambda room: room.name)
def test_room_of_a_use_is_a_purpose_of_the_policy_and_names_its_clause(reference: Policy, room: Path) -> None:
    assert room.name in reference.purposes
    clause = reference.purposes[room.name].section
    assert (room / "__init__.py").read_text().startswith(f'"""{clause}. ')


@pytest.mark.parametrize("room", rooms("uses"), ids=lambda room: room.name)
def test_room_of_a_use_has_its_shape(room: Path) -> None:
    assert {"models.py", "actions.py", "views.py", "urls.py"} <= {path.name for path in room.glob("*.py")}
    assert (room / "templates" / room.name).is_dir()


@pytest.mark.parametrize("room", rooms("collection"), ids=lambda room: room.name)
def test_way_of_collecting_is_a_channel_that_the_policy_declares(reference: Policy, room: Path) -> None:
    assert CHANNELS[room.name] in {collect.channel for collect in reference.collects.values()}


def test_purposes_named_in_the_code_are_stated(reference: Policy) -> None:
    named = {
        (path.relative_to(SRC), purpose)
        for path in SRC.glob("**/*.py")
        for purpose in re.findall(r'^\w*PURPOSE = "([\w.]+)"', path.read_text(), re.MULTILINE)
    }
    assert named
    assert {(path, purpose) for path, purpose in named if purpose not in reference.purposes} == set()


def test_every_room_has_something_in_it() -> None:
    empty = [path.parent for path in SRC.glob("**/__init__.py") if not any(_other_code(path.parent))]
    assert empty == []


def _other_code(room: Path) -> list[Path]:
    inside = [path for path in room.glob("**/*.py") if path.name != "__init__.py"]
    return inside or [room / "__init__.py"][: int((room / "__init__.py").stat().st_size > 500)]


def test_nobody_reads_a_secret_or_a_path_of_one_machine() -> None:
    """What belongs to one machine or one workplace has no place in the tree."""
    telling = re.compile(r"/root/|/home/\w|BEGIN [A-Z ]*PRIVATE KEY|password\s*=\s*[\"'][^\"'{}<]{8,}")
    files = [*SRC.glob("**/*.py"), *ROOT.glob("docs/**/*.md"), *ROOT.glob("*.md"), ROOT / "Makefile"]
    assert [path.name for path in files if telling.search(path.read_text(encoding="utf-8"))] == []
