"""The tree as text and as Python's trees, read and parsed once for all tests that read the whole program.

The trees are shared, so no test may change one.
"""

import ast
import functools
from collections.abc import Iterator
from pathlib import Path


@functools.cache
def list_files(folder: Path, pattern: str) -> tuple[Path, ...]:
    """The files below a folder of the tree, such as "*.py", by name."""
    return tuple(sorted(folder.rglob(pattern)))


@functools.cache
def read(path: Path) -> str:
    """The text of a file of the tree."""
    return path.read_text(encoding="utf-8")


@functools.cache
def parse(source: str) -> ast.Module:
    """The tree of a module's text."""
    return ast.parse(source)


@functools.cache
def list_nodes(source: str) -> tuple[ast.AST, ...]:
    """Every node of a module's text, the outer ones first: as `ast.walk`, in a third of its time."""
    nodes: list[ast.AST] = [parse(source)]
    for node in nodes:
        nodes.extend(list_children(node))
    return tuple(nodes)


def list_children(node: ast.AST) -> Iterator[ast.AST]:
    """The nodes directly below."""
    for value in node.__dict__.values():
        if value.__class__ is list:
            yield from (each for each in value if isinstance(each, ast.AST))
        elif isinstance(value, ast.AST):
            yield value
