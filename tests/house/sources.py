"""Python as trees, parsed once for all tests that read the whole program: a third of their time went into parsing it again.

The trees are shared, so no test may change one.
"""

import ast
import functools


@functools.cache
def parse(source: str) -> ast.Module:
    """The tree of a module's text."""
    return ast.parse(source)


@functools.cache
def list_nodes(source: str) -> tuple[ast.AST, ...]:
    """Every node of a module's text, the outer ones first."""
    return tuple(ast.walk(parse(source)))
