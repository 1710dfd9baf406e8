"""Folders mirror the reference policy's headings: a room is there because the policy states what it does."""

import re
from pathlib import Path

import pytest
from tests.house.sources import list_files, read

from troth.policy import Policy
from troth.policy import compile as compile_policy

ROOT = Path(__file__).parent.parent.parent
SRC = ROOT / "src" / "troth"
CHANNELS = {"forms": "form", "sales": "sales", "mailbox": "email", "automatic": "automatic"}


@pytest.fixture(scope="module")
def reference() -> Policy:
    policy = compile_policy((ROOT / "examples/optiproerp/policy.md").read_bytes()).policy
    assert policy is not None
    return policy


def list_undeclared(tree: Path, policy: Policy) -> list[str]:
    """Packages of ways of collecting that the policy declares no channel for."""
    channels = {collect.channel for collect in policy.collects.values()}
    names = [path.parent.name for path in sorted(tree.glob("collection/*/__init__.py"))]
    return [name for name in names if CHANNELS.get(name) not in channels]


def test_way_of_collecting_is_a_channel_that_the_policy_declares(reference: Policy, tmp_path: Path) -> None:
    assert list_undeclared(SRC, reference) == []
    (tmp_path / "collection" / "rumors").mkdir(parents=True)
    (tmp_path / "collection" / "rumors" / "__init__.py").touch()
    assert list_undeclared(tmp_path, reference) == ["rumors"]


def list_unstated(source: str, policy: Policy) -> list[str]:
    """The purposes that a module names and the policy does not state."""
    return [named for named in re.findall(r'^\w*PURPOSE = "([\w.]+)"', source, re.M) if named not in policy.purposes]


def test_purposes_named_in_the_code_are_stated(reference: Policy) -> None:
    found = {path.relative_to(SRC): list_unstated(read(path), reference) for path in list_files(SRC, "*.py")}
    assert {path: named for path, named in found.items() if named} == {}
    assert list_unstated('PURPOSE = "quotes"\nSECOND_PURPOSE = "gifts"', reference) == ["gifts"]


def is_empty(package: Path) -> bool:
    """Whether a package has no module, and no more than a docstring of its own."""
    inside = [path for path in package.glob("**/*.py") if path.name != "__init__.py"]
    return not inside and (package / "__init__.py").stat().st_size <= 500


def test_every_package_has_something_in_it(tmp_path: Path) -> None:
    assert [path.parent for path in SRC.glob("**/__init__.py") if is_empty(path.parent)] == []
    (tmp_path / "__init__.py").write_text('"""U9. Gifts."""')
    assert is_empty(tmp_path)
    (tmp_path / "actions.py").touch()
    assert not is_empty(tmp_path)


def tells(text: str) -> bool:
    return bool(re.search(r"/root/|/home/\w|BEGIN [A-Z ]*PRIVATE KEY|password\s*=\s*[\"'][^\"'{}<]{8,}", text))


def test_nobody_reads_a_secret_or_a_path_of_one_machine() -> None:
    """What belongs to one machine or one workplace has no place in the tree."""
    files = [*list_files(SRC, "*.py"), *ROOT.glob("docs/**/*.md"), *ROOT.glob("*.md"), ROOT / "Makefile"]
    assert [path.name for path in files if tells(read(path))] == []
    for planted in ("/home/ines/site", "-----BEGIN PRIVATE KEY-----", "password = 'correct horse'"):
        assert tells(planted)
