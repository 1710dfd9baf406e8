"""Names and sizes in the code: a function is a short verb, and a class has a name that no other class has."""

import ast
import statistics
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest
from tests.house.sources import list_files, list_nodes, parse, read

SRC = Path(__file__).parents[2] / "src/troth"
IRREGULAR = frozenset(
    [
        "told",
        "kept",
        "written",
        "found",
        "held",
        "given",
        "said",
        "shown",
        "spoken",
        "sought",
        "taken",
        "made",
        "known",
        "gone",
        "left",
        "seen",
        "bound",
        "sent",
        "chosen",
        "spent",
        "forgotten",
        "hidden",
    ]
)
"""Participles that don't end in -ed."""
VERBS = frozenset(["need", "seed", "feed", "embed", "heed"])
ALLOWED = frozenset({"signed_in_only", "succeed_purpose", "mailed_secret", "promised", "prepared_file", "stored_name"})
"""Decorators and template tags, which read as what they are, and verbs that end in -ed."""


def functions(text: str) -> Iterator[str]:
    """Names of the functions and methods of a module. A property reads as what an object is."""
    yield from (node.name for node in parse(text).body if isinstance(node, ast.FunctionDef))
    for each in list_nodes(text):
        if isinstance(each, ast.ClassDef):
            yield from (node.name for node in each.body if isinstance(node, ast.FunctionDef) and not is_property(node))


def is_property(node: ast.FunctionDef) -> bool:
    return any(ast.unparse(each) in ("property", "cached_property") for each in node.decorator_list)


def is_participle(name: str) -> bool:
    first = name.lstrip("_").split("_")[0]
    return name.lstrip("_") not in ALLOWED and ((first.endswith("ed") and first not in VERBS) or first in IRREGULAR)


def modules() -> Iterator[Path]:
    yield from (path for path in list_files(SRC, "*.py") if "migrations" not in path.parts)


def test_a_function_is_a_verb() -> None:
    found = {
        path.relative_to(SRC).as_posix(): names
        for path in modules()
        if (names := [name for name in functions(read(path)) if is_participle(name)])
    }
    assert found == {}


@pytest.mark.parametrize("planted", ["told", "_opened", "written_once", "kept_kinds"])
def test_a_planted_participle_is_found(planted: str) -> None:
    assert [name for name in functions(f"def {planted}():\n    pass") if is_participle(name)] == [planted]
    assert list(functions(f"class Row:\n    def {planted}(self): ...")) == [planted]
    assert list(functions(f"class Row:\n    @property\n    def {planted}(self): ...")) == []


def list_named_twice(sources: Iterable[str]) -> set[str]:
    """Classes that stand in two modules, or in two classes. Django asks for a Meta in each."""
    nodes = (node for source in sources for node in list_nodes(source))
    names = [node.name for node in nodes if isinstance(node, ast.ClassDef) and node.name != "Meta"]
    return {name for name, times in Counter(names).items() if times > 1 and not name.startswith("_")}


def test_a_class_is_named_once() -> None:
    assert list_named_twice(read(path) for path in modules()) == set()
    assert list_named_twice(["class Row:\n    pass", "class Row(tuple):\n    pass", "class _Own: ..."]) == {"Row"}
    assert list_named_twice(["class Row:\n    class State: ...", "class State: ..."]) == {"State"}


def too_long(text: str) -> bool:
    return text.count("\n") > 400


def test_no_module_is_longer_than_four_hundred_lines() -> None:
    assert [path.name for path in modules() if too_long(read(path))] == []
    assert too_long("x = 1\n" * 401)


def measure(sources: Iterable[str]) -> tuple[float, float]:
    """Median and ninetieth percentile of the lines that functions have, their first one and docstring included."""
    nodes = [node for source in sources for node in list_nodes(source)]
    lines = [1 + node.end_lineno - node.lineno for node in nodes if isinstance(node, ast.FunctionDef)]  # type: ignore[operator]
    return statistics.median(lines), statistics.quantiles(lines, n=10)[-1]


def test_functions_are_short() -> None:
    median, ninetieth = measure(read(path) for path in modules())
    assert (median <= 6, ninetieth <= 15) == (True, True), f"median {median}, ninetieth percentile {ninetieth}"
    assert measure(["def long():\n" + "    do()\n" * 20] * 3) == (21, 21)


def test_the_formatter_has_the_last_word() -> None:
    skipped = sum(read(path).count("# fmt: skip") for path in modules())
    assert skipped <= 5
