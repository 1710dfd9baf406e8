"""docs/asvs.md is current and true: every mark names a requirement of ours, and level 1 is complete."""

import ast
import re
from pathlib import Path

import pytest
from tests.house.sources import list_files, parse, read
from tools import asvs

ROOT = Path(__file__).parent.parent.parent


def test_the_page_of_requirements_is_current() -> None:
    assert (ROOT / "docs/asvs.md").read_text() == asvs.document(), "Run: make docs"


def test_the_list_is_the_whole_standard_with_what_applies_here() -> None:
    lines = (ROOT / "docs/asvs.csv").read_text().splitlines()
    wanted = asvs.requirements()
    assert len(lines) == 1 + 345
    assert [sum(each.level == level for each in wanted) for level in asvs.LEVELS] == [64, 130, 62]


def test_level_one_is_complete() -> None:
    proven = asvs.proofs()
    assert [each.id for each in asvs.requirements() if each.level == "L1" and each.id not in proven] == []


@pytest.mark.parametrize(
    ("planted", "found"),
    [
        ('@pytest.mark.asvs("V3.5.1")\ndef test_a(): ...', [("test_a", "V3.5.1")]),
        (
            '@pytest.mark.asvs("V3.5.1", "V3.5.2")\nasync def test_a(): ...',
            [("test_a", "V3.5.1"), ("test_a", "V3.5.2")],
        ),
        ('pytestmark = [pytest.mark.django_db, pytest.mark.asvs("V1.2.1")]', [("", "V1.2.1")]),
        ("@pytest.mark.clause('U6')\ndef test_a(): ...", []),
    ],
)
def test_marks_are_read_as_pytest_reads_them(planted: str, found: list[tuple[str, str]]) -> None:
    assert list(asvs.marks(ast.parse(planted))) == found


@pytest.mark.parametrize("number", ["V99.1.1", "V10.4.1", "V3.7.4", "V3.5"])
def test_a_mark_that_names_no_requirement_of_ours_stops_the_page(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: str
) -> None:
    for name in ("docs", "tests"):
        (tmp_path / name).mkdir()
    (tmp_path / "docs/asvs.csv").write_text((ROOT / "docs/asvs.csv").read_text())
    (tmp_path / "tests/test_planted.py").write_text(f'@pytest.mark.asvs("{number}")\ndef test_a(): ...\n')
    monkeypatch.setattr(asvs, "ROOT", tmp_path)
    with pytest.raises(asvs.MarkProblem, match=f"tests/test_planted.py::test_a is marked {number}"):
        asvs.document()


def test_every_marked_test_can_fail_and_is_never_passed_over() -> None:
    empty = []
    for text in filter(re.compile(r"\.asvs\(").search, map(read, list_files(ROOT / "tests", "test_*.py"))):
        tree = parse(text)
        checks = {node.name for node in tree.body if isinstance(node, ast.FunctionDef) and _looks(node)}
        for node in tree.body:
            if isinstance(node, ast.FunctionDef) and any(True for mark in node.decorator_list for _ in asvs._ids(mark)):
                passed_over = re.search(r"pytest\.mark\.(skip|xfail)|pytest\.(skip|xfail)\(", ast.unparse(node))
                if passed_over or not (_looks(node) or checks & _called(node)):
                    empty.append(node.name)
    assert empty == []


def _looks(node: ast.AST) -> bool:
    """Whether something is compared there, or a refusal awaited."""
    return any(
        isinstance(each, ast.Assert)
        or (isinstance(each, ast.Attribute) and ast.unparse(each) in ("pytest.raises", "pytest.fail"))
        for each in ast.walk(node)
    )


def _called(node: ast.AST) -> set[str]:
    calls = (each.func for each in ast.walk(node) if isinstance(each, ast.Call))
    return {called.id for called in calls if isinstance(called, ast.Name)}
